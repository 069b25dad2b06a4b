using System.Text.Json.Nodes;

namespace ColbertOnnx.Tests.Cmdlets;

/// <summary>What a model's settings have to say reaches the user once, when the model is opened.</summary>
[Collection(nameof(Alone))]
public sealed class WarningCmdletTests : IDisposable
{
    private readonly TemporaryFolder folder = new TemporaryFolder().Copy(TestData.Path("onnx", "bert-skip-unknown"));

    public WarningCmdletTests()
    {
        JsonNode settings = JsonNode.Parse(File.ReadAllText(folder.File("onnx_config.json")))!;
        settings["drop_unknown_skiplist_words"] = true;
        folder.With("onnx_config.json", settings.ToJsonString());
    }

    public void Dispose()
    {
        OpenedModels.Remove(folder.Path);
        folder.Dispose();
    }

    [Fact]
    public void The_cmdlet_that_opens_the_model_warns_and_later_ones_do_not()
    {
        CmdletRun first = CmdletRun.Run("Import-ColbertModel", new() { ["Path"] = folder.Path });
        Assert.Contains("left out of the skiplist (onnx_config.json)", Assert.Single(first.Warnings), StringComparison.Ordinal);
        Assert.Empty(CmdletRun.Run("Import-ColbertModel", new() { ["Path"] = folder.Path }).Warnings);
        Assert.Empty(Encode(first.Output.Single()).Warnings);
    }

    [Fact]
    public void A_cmdlet_that_opens_the_model_by_itself_warns_too() => Assert.Single(Encode(folder.Path).Warnings);

    private static CmdletRun Encode(object model) =>
        CmdletRun.Run("ConvertTo-ColbertEmbedding", new() { ["Query"] = true, ["Text"] = "x", ["Model"] = model });
}
