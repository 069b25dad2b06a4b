using System.Management.Automation;
using System.Text.Json;
using ColbertOnnx.PowerShell.Commands;
using ColbertOnnx.Tests.Hub;

namespace ColbertOnnx.Tests.Faces;

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
        foreach (ColbertModel model in CmdletRun.Run(new GetColbertModelCommand()).Output.OfType<ColbertModel>()) CmdletRun.Run(new RemoveColbertModelCommand { Model = [model] });
        user.Dispose();
    }

    [Fact]
    public void A_model_opens_by_its_name_and_is_fetched_and_exported_once()
    {
        var model = Assert.IsType<ColbertModel>(Assert.Single(CmdletRun.Run(new ImportColbertModelCommand { Path = FakeHub.Repository }).Output));
        Assert.Equal(16, model.Dimension);
        Assert.StartsWith(user.File("colbert"), model.Path, StringComparison.Ordinal);
        int downloads = user.Downloads;
        var exported = user.Exported();
        Recorder again = CmdletRun.Run(new ImportColbertModelCommand { Path = FakeHub.Repository });
        Assert.Equal(model.Path, Assert.IsType<ColbertModel>(Assert.Single(again.Output)).Path);
        Assert.Equal(downloads, user.Downloads);
        Assert.Equal(exported, user.Exported());
    }

    [Fact]
    public void A_model_encodes_by_its_name_on_the_hub()
    {
        Recorder first = CmdletRun.Run(new ConvertToColbertEmbeddingCommand { IsQuery = true, Text = ["x"], Model = FakeHub.Repository });
        Assert.Equal(16, Assert.Single(first.Embeddings).Dimension);
        int downloads = user.Downloads;
        Assert.NotEqual(0, downloads);
        // Open now, it is found by its own name too.
        Assert.Equal(first.Embeddings.Single().Values.ToArray(), CmdletRun.Run(new ConvertToColbertEmbeddingCommand { IsQuery = true, Text = ["x"], Model = "tiny" }).Embeddings.Single().Values.ToArray());
        Assert.Single(CmdletRun.Run(new ConvertToColbertTokenCommand { Text = ["x"], Model = FakeHub.Repository }).Output);
        Assert.Equal(downloads, user.Downloads);
        Assert.Equal([FakeHub.Repository], ColbertOnnx.Hub.HubCache.Names(ColbertOnnx.Hub.HubSettings.FromEnvironment()));
    }

    [Fact]
    public void What_a_download_has_to_say_is_a_warning()
    {
        user.Hub.InterfereAtStorage = FakeHub.First(1, user.Hub.Etag("model.safetensors"), call => Answer.Content(user.Hub.Files["model.safetensors"], call) with { BreakAfter = 100_000 });
        Recorder recorder = CmdletRun.Run(new ImportColbertModelCommand { Path = FakeHub.Repository });
        Assert.Single(recorder.Output);
        Assert.Contains("broke off", Assert.Single(recorder.Warnings), StringComparison.Ordinal);
        Assert.StartsWith("model.safetensors: ", recorder.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_cache_serves_where_the_hub_is_out_of_reach_and_says_so()
    {
        Assert.Single(CmdletRun.Run(new ImportColbertModelCommand { Path = FakeHub.Repository }).Output);
        user.Hub.Interfere = _ => Answer.Of(429, ("Retry-After", "3600"));
        Recorder recorder = CmdletRun.Run(new ImportColbertModelCommand { Path = FakeHub.Repository });
        Assert.Single(recorder.Output);
        Assert.Contains("cache", Assert.Single(recorder.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_is_exported_by_its_name()
    {
        Recorder recorder = CmdletRun.Run(new ExportColbertModelCommand { Path = FakeHub.Repository, Destination = user.File("out"), Options = new ColbertExportOptions { Quantize = true } });
        var result = Assert.IsType<ColbertModelFolder>(Assert.Single(recorder.Output));
        Assert.Equal((user.File("out"), "bert", 16), (result.Path, result.ModelType, result.Dimension));
        Assert.Contains("model_int8.onnx", result.Files.Select(file => file.Name));
        Assert.Equal(FakeHub.Repository, JsonDocument.Parse(File.ReadAllBytes(user.File("out/onnx_config.json"))).RootElement.GetProperty("model_name").GetString());
        Assert.Empty(user.Exported());
    }

    [Theory]
    [MemberData(nameof(ErrorCases.HubNames), MemberType = typeof(ErrorCases))]
    public void What_a_hub_refuses_is_an_error_record(string name)
    {
        JsonElement c = ErrorCases.Hub(name);
        HubCommandTests.Prepare(c, user);
        Set(HubCommandTests.Variables(c, user));
        foreach (Recorder recorder in (Recorder[])[
            CmdletRun.Run(new ImportColbertModelCommand { Path = FakeHub.Repository }),
            CmdletRun.Run(new ExportColbertModelCommand { Path = FakeHub.Repository, Destination = user.File("out") })])
        {
            ColbertException error = Assert.Single(recorder.Failures).Error;
            Assert.Equal(ErrorCases.ErrorOf(c), error.Id);
            Assert.All(ErrorCases.NamesOf(c), part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
            Assert.NotEmpty(error.Action!);
            Assert.Empty(recorder.Output);
        }

        Assert.False(Path.Exists(user.File("out")));
    }

    [Fact]
    public async Task Stopping_the_pipeline_ends_a_download()
    {
        FileInfo incomplete = user.FallSilent();
        var cmdlet = new ExportColbertModelCommand { Path = FakeHub.Repository, Destination = user.File("out") };
        Task run = Task.Run(() => CmdletRun.Run(cmdlet), TestContext.Current.CancellationToken);
        await HubUser.Arrived(incomplete, () => run.IsCompleted);
        CmdletRun.Stop(cmdlet);
        await Assert.ThrowsAsync<PipelineStoppedException>(() => run.WaitAsync(ChildProcess.Patience, TestContext.Current.CancellationToken));
        Assert.False(Path.Exists(user.File("out")));
    }

    private void Set(Dictionary<string, string> variables)
    {
        foreach (var (name, value) in variables)
        {
            before.TryAdd(name, Environment.GetEnvironmentVariable(name));
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
