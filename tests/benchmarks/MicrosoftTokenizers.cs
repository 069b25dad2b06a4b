using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ColbertOnnx.Tests;
using Google.Protobuf;
using Microsoft.ML.Tokenizers;
using Theirs = Microsoft.ML.Tokenizers.Tokenizer;

namespace ColbertOnnx.Benchmarks;

/// <summary>
/// Microsoft.ML.Tokenizers' own classes with the vocabularies of a tokenizer.json put in by hand: they read no such file, and what of it
/// they have no option for is left out.
/// </summary>
internal static partial class MicrosoftTokenizers
{
    private const string Gpt2 = @"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>Files and the class that is nearest to each.</summary>
    public static readonly string[] Kinds =
        [
            "real-minilm-bert-uncased", "whole-bert-cased", "whole-roberta", "whole-modernbert", "whole-qwen3-embedding", "whole-xlmr",
            "whole-deberta-v3",
        ];

    /// <summary>The tokenizer, and a function from a text to ids with special tokens.</summary>
    public static (string Class, Func<string, IReadOnlyList<int>> Encode) Open(string kind)
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(TestData.Path("tokenizers", kind, "tokenizer.json")));
        JsonElement root = file.RootElement, model = root.GetProperty("model");
        Dictionary<string, int> added = root.GetProperty("added_tokens").EnumerateArray()
            .ToDictionary(t => t.GetProperty("content").GetString()!, t => t.GetProperty("id").GetInt32());
        return model.GetProperty("type").GetString() switch
        {
            "WordPiece" => (nameof(BertTokenizer), Bert(OpenBert(model, lower: kind.Contains("uncased", StringComparison.Ordinal)))),
            "BPE" => (nameof(BpeTokenizer), Around(OpenBpe(model, kind, added), root)),
            _ => (nameof(SentencePieceTokenizer), Around(OpenUnigram(root, model, added), root)),
        };
    }

    private static Func<string, IReadOnlyList<int>> Bert(BertTokenizer tokenizer) => text => tokenizer.EncodeToIds(text);

    private static BertTokenizer OpenBert(JsonElement model, bool lower)
    {
        string[] pieces =
        [
            .. model.GetProperty("vocab").EnumerateObject().OrderBy(piece => piece.Value.GetInt32()).Select(piece => piece.Name),
        ];
        var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', pieces)));
        return BertTokenizer.Create(stream, new BertOptions { LowerCaseBeforeTokenization = lower, RemoveNonSpacingMarks = lower });
    }

    private static BpeTokenizer OpenBpe(JsonElement model, string kind, Dictionary<string, int> added)
    {
        var vocabulary = model.GetProperty("vocab").EnumerateObject().ToDictionary(piece => piece.Name, piece => piece.Value.GetInt32());
        foreach ((string token, int id) in added) vocabulary[token] = id;
        bool isQwen = kind.Contains("qwen", StringComparison.Ordinal);
        return BpeTokenizer.Create(new BpeOptions(vocabulary)
        {
            Merges =
            [
                .. model.GetProperty("merges").EnumerateArray()
                    .Select(merge =>
                        merge.ValueKind == JsonValueKind.String ? merge.GetString()! : $"{merge[0].GetString()} {merge[1].GetString()}"),
            ],
            PreTokenizer = new RegexPreTokenizer(isQwen ? Qwen() : Words(), added),
            Normalizer = kind is "whole-roberta" ? null : new Nfc(),
            SpecialTokens = added,
            ByteLevel = true,
        });
    }

    private static SentencePieceTokenizer OpenUnigram(JsonElement root, JsonElement model, Dictionary<string, int> added)
    {
        // trainer_spec: type Unigram, unk_id and no other; normalizer_spec: the charsmap of the file, as sentencepiece's own defaults treat
        // blanks.
        int unknown = model.GetProperty("unk_id").GetInt32();
        byte[] charsmap = Charsmap(root.GetProperty("normalizer")) ?? [];
        byte[] proto = Message(output =>
        {
            int id = 0;
            foreach (JsonElement piece in model.GetProperty("vocab").EnumerateArray())
            {
                int type = id == unknown ? 2 : added.ContainsKey(piece[0].GetString()!) ? 3 : 1;
                Field(output, 1, Message(p =>
                {
                    p.WriteRawTag(0x0A);
                    p.WriteString(piece[0].GetString()!);
                    p.WriteRawTag(0x15);
                    p.WriteFloat((float)piece[1].GetDouble());
                    p.WriteRawTag(0x18);
                    p.WriteInt32(type);
                }));
                id++;
            }

            Field(output, 2, Message(t =>
            {
                t.WriteTag(3, WireFormat.WireType.Varint);
                t.WriteInt32(1);
                t.WriteTag(40, WireFormat.WireType.Varint);
                t.WriteInt32(unknown);
            }));
            Field(output, 3, Message(n => Field(n, 2, charsmap)));
        });
        return SentencePieceTokenizer.Create(new MemoryStream(proto), addBeginningOfSentence: false, addEndOfSentence: false, added);
    }

    private static byte[]? Charsmap(JsonElement normalizer) =>
        normalizer.TryGetProperty("precompiled_charsmap", out JsonElement map) ? map.GetBytesFromBase64()
        : normalizer.TryGetProperty("normalizers", out JsonElement all) ? all.EnumerateArray().Select(Charsmap)
            .FirstOrDefault(found => found is not null)
        : null;

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true)) write(output);
        return stream.ToArray();
    }

    private static void Field(CodedOutputStream output, int number, byte[] value)
    {
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(value));
    }

    // Their classes know no template: special tokens are put around by hand.
    private static Func<string, IReadOnlyList<int>> Around(Theirs tokenizer, JsonElement root)
    {
        int[] empty = Own(root);
        (int[] before, int[] after) = empty.Length == 2 ? (empty[..1], empty[1..]) : ([], empty);
        return text =>
        {
            IReadOnlyList<int> content = tokenizer.EncodeToIds(text);
            var ids = new int[content.Count + before.Length + after.Length];
            before.CopyTo(ids, 0);
            for (int i = 0; i < content.Count; i++) ids[before.Length + i] = content[i];
            after.CopyTo(ids, content.Count + before.Length);
            return ids;
        };
    }

    private static int[] Own(JsonElement root)
    {
        var buffer = new Tokenization.TokenBuffer();
        Tokenization.Tokenizer.Parse(Encoding.UTF8.GetBytes(root.GetRawText()), "file").Encode("", buffer, new());
        return buffer.Ids.ToArray();
    }

    [GeneratedRegex(Gpt2)]
    private static partial Regex Words();

    [GeneratedRegex(@"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")]
    private static partial Regex Qwen();

    private sealed class Nfc : Normalizer
    {
        public override string Normalize(string original) => original.IsNormalized() ? original : original.Normalize();

        public override string Normalize(ReadOnlySpan<char> original) => Normalize(original.ToString());
    }
}
