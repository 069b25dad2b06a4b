using System.Text.Json.Nodes;
using ColbertOnnx.Onnx;
using ColbertOnnx.PowerShell.Commands;

namespace ColbertOnnx.Tests.Faces;

/// <summary>What a model's settings have to say reaches the user once, when the model is opened.</summary>
[Collection(nameof(Alone))]
public sealed class WarningTests : IDisposable
{
    private readonly TemporaryFolder folder = new TemporaryFolder().Copy(TestData.Path("onnx", "bert-skip-unknown"));

    public WarningTests()
    {
        JsonNode settings = JsonNode.Parse(File.ReadAllText(folder.File("onnx_config.json")))!;
        settings["drop_unknown_skiplist_words"] = true;
        folder.With("onnx_config.json", settings.ToJsonString());
    }

    public void Dispose()
    {
        foreach (ColbertModel model in CmdletRun.Run(new GetColbertModelCommand()).Output.OfType<ColbertModel>().Where(model => model.Path == folder.Path)) CmdletRun.Run(new RemoveColbertModelCommand { Model = [model] });
        folder.Dispose();
    }

    [Fact]
    public void The_cmdlet_that_opens_the_model_warns_and_later_ones_do_not()
    {
        Recorder first = CmdletRun.Run(new ImportColbertModelCommand { Path = folder.Path });
        Assert.Contains("left out of the skiplist (onnx_config.json)", Assert.Single(first.Warnings), StringComparison.Ordinal);
        Assert.Empty(CmdletRun.Run(new ImportColbertModelCommand { Path = folder.Path }).Warnings);
        Assert.Empty(CmdletRun.Run(new ConvertToColbertEmbeddingCommand { IsQuery = true, Text = ["x"], Model = first.Output.Single() }).Warnings);
    }

    [Fact]
    public void A_cmdlet_that_opens_the_model_by_itself_warns_too() =>
        Assert.Single(CmdletRun.Run(new ConvertToColbertEmbeddingCommand { IsQuery = true, Text = ["x"], Model = folder.Path }).Warnings);

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
