using System.Text.Json;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Tests.Faces;
using ColbertOnnx.Tests.Hub;

namespace ColbertOnnx.Tests.Cmdlets;

/// <summary>The cmdlets with names of the hub. The variables are the process's, so nothing else runs meanwhile.</summary>
[Collection(nameof(Alone))]
public sealed class HubCmdletTests : IDisposable
{
    private readonly HubUser user = new();
    private readonly Dictionary<string, string?> before = [];

    public HubCmdletTests() => Set(user.Variables);

    public void Dispose()
    {
        foreach (var (name, value) in before) Environment.SetEnvironmentVariable(name, value);
        OpenedModels.Remove();
        user.Dispose();
    }

    [Fact]
    public void A_model_opens_by_its_name_and_is_fetched_and_exported_once()
    {
        var model = Assert.IsType<ColbertModel>(Assert.Single(Import().Output));
        Assert.Equal(16, model.Dimension);
        Assert.StartsWith(user.File("colbert"), model.Path, StringComparison.Ordinal);
        int downloads = user.Downloads;
        var exported = user.Exported();
        Assert.Equal(model.Path, Assert.IsType<ColbertModel>(Assert.Single(Import().Output)).Path);
        Assert.Equal(downloads, user.Downloads);
        Assert.Equal(exported, user.Exported());
    }

    [Fact]
    public void A_model_encodes_by_its_name_on_the_hub()
    {
        ColbertEmbedding first = Assert.Single(Encode(FakeHub.Repository).Embeddings);
        Assert.Equal(16, first.Dimension);
        int downloads = user.Downloads;
        Assert.NotEqual(0, downloads);
        // Open now, it is found by its own name too.
        Assert.Equal(first.Values.ToArray(), Encode("tiny").Embeddings.Single().Values.ToArray());
        Assert.Single(CmdletRun.Run("ConvertTo-ColbertToken", new() { ["Text"] = "x", ["Model"] = FakeHub.Repository }).Output);
        Assert.Equal(downloads, user.Downloads);
        Assert.Equal([FakeHub.Repository], ColbertOnnx.Hub.HubCache.Names(ColbertOnnx.Hub.HubSettings.FromEnvironment()));
    }

    [Fact]
    public void What_a_download_has_to_say_is_a_warning()
    {
        user.Hub.InterfereAtStorage = FakeHub.First(
            1, user.Hub.Etag("model.safetensors"),
            call => Answer.Content(user.Hub.Files["model.safetensors"], call) with { BreakAfter = 100_000 });
        CmdletRun run = Import();
        Assert.Single(run.Output);
        Assert.Contains("broke off", Assert.Single(run.Warnings), StringComparison.Ordinal);
        Assert.StartsWith("model.safetensors: ", run.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_fetches_the_graphs_that_it_measures()
    {
        CmdletRun run = CmdletRun.Run(
            "Measure-ColbertThroughput",
            new()
            {
                ["Model"] = FakeHub.Repository,
                ["Quantized"] = new[] { false, true },
                ["Count"] = 10,
                ["TokenCount"] = 12,
                ["Repeat"] = 1,
            });
        Assert.Empty(run.Failures);
        Assert.Equal([false, true], run.Output.Cast<ColbertThroughput>().Select(result => result.Configuration.IsQuantized));
    }

    [Fact]
    public async Task A_warning_that_stops_the_pipeline_ends_the_work()
    {
        user.Hub.InterfereAtStorage = FakeHub.First(
            1, user.Hub.Etag("model.safetensors"),
            call => Answer.Content(user.Hub.Files["model.safetensors"], call) with { BreakAfter = 100_000 });
        CmdletRun run = CmdletRun.Run(
            "Export-ColbertModel", new(Export) { ["WarningAction"] = System.Management.Automation.ActionPreference.Stop });
        Assert.Single(run.Errors);
        Assert.Empty(run.Output);
        await Task.Delay(3000, TestContext.Current.CancellationToken);
        Assert.False(Path.Exists(user.File("out")));
    }

    [Fact]
    public void A_cache_serves_where_the_hub_is_out_of_reach_and_says_so()
    {
        Assert.Single(Import().Output);
        user.Hub.Interfere = _ => Answer.Of(429, ("Retry-After", "3600"));
        CmdletRun run = Import();
        Assert.Single(run.Output);
        Assert.Contains("cache", Assert.Single(run.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_is_exported_by_its_name()
    {
        var result = Assert.IsType<ColbertModelFolder>(Assert.Single(CmdletRun.Run(
            "Export-ColbertModel", new(Export) { ["Quantize"] = true }).Output));
        Assert.Equal((user.File("out"), "bert", 16), (result.Path, result.ModelType, result.Dimension));
        Assert.Contains("model_int8.onnx", result.Files.Select(file => file.Name));
        Assert.Equal(
            FakeHub.Repository,
            JsonDocument.Parse(File.ReadAllBytes(user.File("out/onnx_config.json"))).RootElement.GetProperty("model_name").GetString());
        Assert.Empty(user.Exported());
    }

    [Theory]
    [MemberData(nameof(ErrorCases.HubNames), MemberType = typeof(ErrorCases))]
    public void What_a_hub_refuses_is_an_error_record(string name)
    {
        JsonElement c = ErrorCases.Hub(name);
        HubCase.Prepare(c, user);
        Set(HubCase.Variables(c, user));
        foreach (CmdletRun run in new[] { Import(), CmdletRun.Run("Export-ColbertModel", Export) })
        {
            ColbertException error = Assert.Single(run.Failures).Error;
            Assert.Equal(ErrorCases.ErrorOf(c), error.Id);
            Assert.All(ErrorCases.NamesOf(c), part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
            Assert.NotEmpty(error.Action!);
            Assert.Empty(run.Output);
        }

        Assert.False(Path.Exists(user.File("out")));
    }

    [Fact]
    public async Task Stopping_the_pipeline_ends_a_download()
    {
        FileInfo incomplete = user.FallSilent();
        using var run = new CmdletRun("Export-ColbertModel", Export);
        Task invoked = Task.Run(run.Invoke, TestContext.Current.CancellationToken);
        await HubUser.Arrived(incomplete, () => invoked.IsCompleted);
        await run.Stop(invoked);
        Assert.False(Path.Exists(user.File("out")));
    }

    private Dictionary<string, object?> Export => new() { ["Path"] = FakeHub.Repository, ["Destination"] = user.File("out") };

    private static CmdletRun Import() => CmdletRun.Run("Import-ColbertModel", new() { ["Path"] = FakeHub.Repository });

    private static CmdletRun Encode(string model) =>
        CmdletRun.Run("ConvertTo-ColbertEmbedding", new() { ["Query"] = true, ["Text"] = "x", ["Model"] = model });

    private void Set(Dictionary<string, string> variables)
    {
        foreach (var (name, value) in variables)
        {
            before.TryAdd(name, Environment.GetEnvironmentVariable(name));
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
