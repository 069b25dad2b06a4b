using System.Text;
using System.Text.Json;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Tests.Tokenization;

/// <summary>Tokenizers and parts of their files, written in a test.</summary>
internal static class TokenizerOf
{
    public const string Words = """{"type":"WordLevel","unk_token":"u","vocab":{"u":0,"a":1}}""";

    public static Tokenizer Json(string json) => Tokenizer.Parse(Encoding.UTF8.GetBytes(json), "test.json");

    public static string Added(int id, string content, bool normalized = false) =>
        $$$"""{"id":{{{id}}},"content":{{{JsonSerializer.Serialize(content)}}},"single_word":false,"lstrip":false,"rstrip":false,"normalized":{{{(normalized ? "true" : "false")}}},"special":false}""";

    /// <summary>WordLevel alone with a part beside it.</summary>
    public static Tokenizer With(string part) => Json($$$"""{"model":{{{Words}}}{{{(part.Length > 0 ? "," + part : "")}}}}""");
}
