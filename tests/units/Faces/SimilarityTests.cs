using System.Text.Json;

namespace ColbertOnnx.Tests.Faces;

[Collection(nameof(Alone))]
public sealed class SimilarityTests
{
    private static readonly string Folder = TestData.Path("onnx", "bert-base");
    private static readonly string[] Texts =
    [
        .. Enumerable.Range(0, 120).Select(i => string.Join(' ', Enumerable.Range(0, 1 + (i % 9)).Select(k => $"word{(i * k) % 17} and"))),
    ];

    [Fact]
    public async Task The_command_names_what_each_token_took()
    {
        var run = await ColbertProcess.Run(
            "bread rises with yeast\nthe moon\n", "score", "--query", "yeast", "-", "--json", "--include-matches");
        Assert.Equal((0, ""), (run.Exit, run.Error));
        JsonElement first = JsonDocument.Parse(run.Output.Split('\n')[0]).RootElement;
        JsonElement[] matches = [.. first.GetProperty("matches").EnumerateArray()];
        Assert.Equal(
            "yeast", matches.Single(m => m.GetProperty("query_token").GetString() == "yeast").GetProperty("document_token").GetString());
        Assert.Equal(first.GetProperty("score").GetDouble(), matches.Sum(m => m.GetProperty("cosine").GetDouble()), 1e-4);
        Assert.Equal(2, (await ColbertProcess.Run("a\n", "score", "--query", "yeast", "-", "--include-matches")).Exit);
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task A_processor_that_has_less_gives_the_same_scores(string switchedOff)
    {
        string input = string.Concat(Texts.Select(text => text + "\n"));
        string[] arguments = ["score", "--query", "what and when", "--top", "0", "-", "--json", "--model", Folder];
        double[] here = Scores((await ColbertProcess.Run(input, arguments)).Output),
            there = Scores((await ColbertProcess.RunWith(new Dictionary<string, string> { [switchedOff] = "0" }, input, arguments)).Output);
        Assert.Equal(Texts.Length, there.Length);
        Assert.All(here.Zip(there), pair => Assert.Equal(pair.First, pair.Second, 1e-5));

        static double[] Scores(string output) =>
        [
            .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("score").GetDouble()),
        ];
    }
}
