using System.Text.Json.Nodes;

namespace ColbertOnnx.Tests.Faces;

/// <summary>What a model's settings have to say reaches the user of the command once.</summary>
public sealed class WarningTests : IDisposable
{
    private readonly TemporaryFolder folder = new TemporaryFolder().Copy(TestData.Path("onnx", "bert-skip-unknown"));

    public WarningTests()
    {
        JsonNode settings = JsonNode.Parse(File.ReadAllText(folder.File("onnx_config.json")))!;
        settings["drop_unknown_skiplist_words"] = true;
        folder.With("onnx_config.json", settings.ToJsonString());
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_command_notes_it_on_the_error_stream()
    {
        foreach (string[] arguments in new string[][] { ["encode", "--document", "-o", "-", "-"], ["tokenize", "--document", "-"] })
        {
            var run = await ColbertProcess.Run("x\n", [.. arguments, "--model", folder.Path]);
            Assert.Equal(0, run.Exit);
            Assert.Contains("left out of the skiplist", run.Error, StringComparison.Ordinal);
            Assert.Single(run.Error.TrimEnd().Split('\n'));
        }
    }
}
