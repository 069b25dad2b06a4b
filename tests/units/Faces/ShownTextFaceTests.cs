using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace ColbertOnnx.Tests.Faces;

/// <summary>Texts of files, models, servers and arguments at a terminal: none steers it, and none fills it.</summary>
public sealed class ShownTextFaceTests
{
    private const string Title = "\u001b]0;title\a";
    private const string Turned = "\u202e";
    private static readonly string Model = TestData.Path("onnx", "bert-base");

    [Fact]
    public async Task A_file_that_is_not_there_an_unknown_option_and_an_unknown_model_are_repeated_escaped()
    {
        AssertShown(2, await ColbertProcess.Run(null, "encode", "--document", "--model", Model, $"no{Title}{Turned}.txt", "-o", "-"));
        AssertShown(2, await ColbertProcess.Run(null, "encode", "--document", "--model", $"no{Title}{Turned}/model", "-", "-o", "-"));
        AssertShown(2, await ColbertProcess.Run(null, "providers", $"--{Title}{Turned}"));
        AssertShown(2, await ColbertProcess.Run(null, $"{Title}{Turned}{new string('x', 50_000)}"));
    }

    [Fact]
    public async Task A_models_operator_and_a_tokenizers_type_are_repeated_escaped_and_cut()
    {
        using var folder = new TemporaryFolder();
        folder.Copy(Model);
        byte[] graph = File.ReadAllBytes(folder.File("model.onnx"));
        string bytes = Encoding.Latin1.GetString(graph);
        Assert.Contains("MatMul", bytes, StringComparison.Ordinal);
        File.WriteAllBytes(
            folder.File("model.onnx"), Encoding.Latin1.GetBytes(bytes.Replace("MatMul", "M\u001b]0;\a", StringComparison.Ordinal)));
        AssertShown(
            2, await ColbertProcess.Run("x\n", "encode", "--document", "--model", folder.Path, "-", "-o", "-"), "\\u001b]0;\\u0007");

        string type = JsonSerializer.Serialize(Title + Turned + new string('x', 85_000));
        folder.With(
            "tokenizer.json",
            $$$"""{"version":"1.0","added_tokens":[],"normalizer":{"type":{{{type}}}},"model":{"type":"WordLevel","vocab":{"a":0},"unk_token":"a"}}""");
        AssertShown(2, await ColbertProcess.Run("x\n", "tokenize", "--model", folder.File("tokenizer.json"), "-"));
        folder.With(
            "tokenizer.json", $$$"""{"version":"1.0","added_tokens":[],"model":{"type":{{{type}}},"vocab":{"a":0},"unk_token":"a"}}""");
        AssertShown(2, await ColbertProcess.Run("x\n", "tokenize", "--model", folder.File("tokenizer.json"), "-"));
    }

    [Fact]
    public async Task What_a_server_answers_is_repeated_escaped()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        using var end = new CancellationTokenSource();
        Task answering = AnswerAsync(server, Encoding.Latin1.GetBytes($"HTTP{Title} nonsense\r\n\r\n"), end.Token);
        using var user = new HubUser();
        var variables = new Dictionary<string, string>(user.Variables)
        {
            ["HF_ENDPOINT"] = $"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}",
        };
        var run = await ColbertProcess.RunWith(variables, "x\n", "encode", "--document", "--model", "colbert/none", "-", "-o", "-");
        end.Cancel();
        await answering;
        AssertShown(2, run);
    }

    [Fact]
    public async Task A_ranking_and_a_demo_show_texts_ids_and_questions_escaped_and_data_has_them_as_they_are()
    {
        string text = $"bread{Title}{Turned}", input = JsonSerializer.Serialize(new { id = $"i{Title}{Turned}", text });
        var table = await ColbertProcess.Run(input, "score", "--query", "bread", "--model", Model, "--input-format", "jsonl", "-");
        Assert.Equal(0, table.Exit);
        Assert.EndsWith("\ti\\u001b]0;title\\u0007\\u202e\tbread\\u001b]0;title\\u0007\\u202e\n", table.Output, StringComparison.Ordinal);
        foreach (string[] command in (string[][])
        [
            ["score", "--json", "--query", "bread"], ["encode", "--document", "-o", "-"], ["tokenize"],
        ])
        {
            var data = await ColbertProcess.Run(input, [.. command, "--model", Model, "--input-format", "jsonl", "-"]);
            Assert.Equal(0, data.Exit);
            Assert.Equal(text, JsonDocument.Parse(data.Output).RootElement.GetProperty("text").GetString());
        }

        var demo = await ColbertProcess.Run(null, "demo", "--model", Model, $"bread{Title}{Turned}");
        Assert.Equal(0, demo.Exit);
        Assert.Contains("bread\\u001b]0;title\\u0007\\u202e", demo.Output, StringComparison.Ordinal);
        AssertNothingSteers(demo.Output);
    }

    private static void AssertShown(int exit, (int Exit, string Output, string Error) run, string part = "\\u001b]0;title\\u0007")
    {
        Assert.Equal(exit, run.Exit);
        Assert.Contains(part, run.Error, StringComparison.Ordinal);
        AssertNothingSteers(run.Error);
        Assert.InRange(run.Error.Length, 1, 4000);
    }

    private static void AssertNothingSteers(string text) => Assert.DoesNotMatch("[\\p{Cc}\u202e-[\n]]", text);

    private static async Task AnswerAsync(TcpListener server, byte[] answer, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                using TcpClient client = await server.AcceptTcpClientAsync(cancellation);
                await client.GetStream().ReadAtLeastAsync(new byte[16], 16, false, cancellation);
                await client.GetStream().WriteAsync(answer, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
