using ColbertOnnx.Hub;

namespace ColbertOnnx.Tests.Hub;

/// <summary>ColbertModel.Load with a name on the hub: what needs no export.</summary>
public sealed class HubModelTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_repository_that_holds_an_exported_folder_is_opened_as_it_is()
    {
        using FakeHub hub = FakeHub.Of(TestData.Path("onnx", "bert-base"));
        string folder = await ColbertModel.FindExported(FakeHub.Request, hub.Settings, null, Token);
        Assert.Equal(hub.SnapshotFolder, folder);
        using var model = ColbertModel.Load(folder);
        Assert.Equal(16, model.Dimension);
    }

    [Fact]
    public async Task A_checkpoint_needs_an_export_and_is_found_once_it_has_one()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        ColbertException error = await Assert.ThrowsAsync<ColbertException>(() =>
            ColbertModel.FindExported(FakeHub.Request, hub.Settings, null, Token));
        Assert.Equal((ColbertErrorId.ModelIncomplete, FakeHub.Repository), (error.Id, error.Target));
        Assert.Contains("ColbertExporter.ResolveAsync", error.Action, StringComparison.Ordinal);

        string folder = HubExports.FolderOf(FakeHub.Repository, hub.SnapshotFolder);
        Directory.CreateDirectory(folder);
        foreach (string name in new[] { "model.onnx", "tokenizer.json" }) File.WriteAllText(Path.Combine(folder, name), "");
        try
        {
            Assert.Equal(folder, await ColbertModel.FindExported(FakeHub.Request, hub.Settings, null, Token));
            HubRequest int8 = FakeHub.Request with { Quantized = true };
            error = await Assert.ThrowsAsync<ColbertException>(() => ColbertModel.FindExported(int8, hub.Settings, null, Token));
            Assert.Contains("no INT8 graph", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_name_that_the_hub_does_not_know_may_be_a_mistyped_folder()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        hub.Interfere = _ => Answer.Of(404);
        ColbertException error = await Assert.ThrowsAsync<ColbertException>(() =>
            ColbertModel.FindExported(FakeHub.Request, hub.Settings, null, Token));
        Assert.StartsWith(
            "There is no folder 'colbert/tiny', and as a name on the hub it was not found: ", error.Message, StringComparison.Ordinal);
    }
}
