using System.Diagnostics;
using System.Text.Json;
using ColbertOnnx.Tests.Hub;

namespace ColbertOnnx.Tests.Faces;

/// <summary>The command with names of the hub, from the first request to the vectors.</summary>
public sealed class HubCommandTests(ITestOutputHelper log) : IDisposable
{
    private readonly HubUser user = new();

    [Fact]
    public async Task A_model_of_the_hub_is_exported_by_its_name_and_fetched_once()
    {
        string[] export = ["export", FakeHub.Repository, "-o", user.File("out"), "--quantize"];
        var run = await ColbertProcess.RunWith(user.Variables, null, export);
        Assert.Equal(("", 0), (run.Error, run.Exit));
        Assert.Equal(
            ["model.onnx", "model_int8.onnx", "onnx_config.json", "tokenizer.json"],
            Directory.EnumerateFiles(user.File("out")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(
            FakeHub.Repository,
            JsonDocument.Parse(File.ReadAllBytes(user.File("out/onnx_config.json"))).RootElement.GetProperty("model_name").GetString());

        int downloads = user.Downloads;
        Assert.Equal(user.Hub.Asked.Distinct().Count(), downloads);
        Assert.Equal(0, (await ColbertProcess.RunWith(user.Variables, null, [.. export, "--force"])).Exit);
        Assert.Equal(downloads, user.Downloads);
        AssertTexts(await ColbertProcess.Run(
            "a text\n", "encode", "--document", "--model", user.File("out"), "--quantized", "-", "-o", "-"));
    }

    [Fact]
    public async Task A_model_of_the_hub_encodes_by_its_name_and_later_from_the_cache_alone()
    {
        string[] encode = ["encode", "--document", "--model", FakeHub.Repository, "-", "-o", "-"];
        var first = await ColbertProcess.RunWith(user.Variables, "a text\n", encode);
        AssertTexts(first);
        int downloads = user.Downloads;
        var exported = user.Exported();
        Assert.NotEmpty(exported);

        var second = await ColbertProcess.RunWith(user.Variables, "a text\n", encode);
        Assert.Equal((first.Output, "", downloads), (second.Output, second.Error, user.Downloads));
        int requests = user.Hub.Server.Calls.Count;
        Assert.Equal(first.Output, (await ColbertProcess.RunWith(user.Offline, "a text\n", encode)).Output);
        Assert.Equal(requests, user.Hub.Server.Calls.Count);
        Assert.Equal(exported, user.Exported());

        // INT8 is wanted later: the weights are here, the export is not.
        AssertTexts(await ColbertProcess.RunWith(user.Offline, "a text\n", [.. encode, "--quantized"]));
        Assert.Equal(requests, user.Hub.Server.Calls.Count);
        Assert.Contains("model_int8.onnx", user.Exported().Select(file => file.File));
    }

    [Fact]
    public async Task A_name_of_the_hub_is_tokenized_for_its_model_and_a_file_of_that_name_is_no_name()
    {
        string[] tokenize = ["tokenize", "--document", "-", "--model"];
        var named = await ColbertProcess.RunWith(user.Variables, "a text\n", [.. tokenize, FakeHub.Repository, "--revision", "main"]);
        Assert.Equal(("", 0), (named.Error, named.Exit));
        var folder = await ColbertProcess.RunWith(
            user.Variables, "a text\n", [.. tokenize, Path.GetDirectoryName(user.ExportedPath("tokenizer.json"))!]);
        Assert.Equal(folder.Output, named.Output);

        // One that is not there is no name either.
        var missing = await ColbertProcess.RunWith(user.Variables, "a text\n", [.. tokenize, "models/tokenizer.json"]);
        Assert.Equal(2, missing.Exit);
        Assert.Contains("ModelNotFound: There is no model folder 'models/tokenizer.json'", missing.Error, StringComparison.Ordinal);

        var local = await ColbertProcess.RunWith(
            user.Variables, "a text\n", [.. tokenize, user.ExportedPath("tokenizer.json"), "--revision", "main"]);
        Assert.Equal(2, local.Exit);
        Assert.Contains("--revision belongs to a model of the hub", local.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ErrorCases.HubNames), MemberType = typeof(ErrorCases))]
    public async Task What_a_hub_refuses_is_told_with_id_action_and_exit_code(string name)
    {
        JsonElement c = ErrorCases.Hub(name);
        HubCase.Prepare(c, user);
        foreach (string[] command in new string[][]
        {
            ["export", FakeHub.Repository, "-o", user.File("out")],
            ["encode", "--document", "--model", FakeHub.Repository, "-", "-o", user.File("out.npz")],
        })
        {
            var run = await ColbertProcess.RunWith(HubCase.Variables(c, user), "a text\n", command);
            string[] lines = run.Error.Split('\n');
            Assert.StartsWith($"colbert: {ErrorCases.ErrorOf(c)}: ", lines[0], StringComparison.Ordinal);
            Assert.All(ErrorCases.NamesOf(c), part => Assert.Contains(part, lines[0], StringComparison.Ordinal));
            Assert.StartsWith("  ", lines[1], StringComparison.Ordinal);
            Assert.Equal(c.GetProperty("exit").GetInt32(), run.Exit);
            Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
            Assert.False(Path.Exists(user.File("out")) || Path.Exists(user.File("out.npz")));
            Assert.Empty(user.Exported());
        }
    }

    [Theory]
    [InlineData("export", FakeHub.Repository, "-o")]
    [InlineData("encode", "--document", "--model", FakeHub.Repository, "-", "-o")]
    public async Task Ctrl_C_ends_a_download_and_the_next_run_goes_on_from_there(params string[] command)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs kill.");
        FileInfo incomplete = user.FallSilent();
        using (Process process = ColbertProcess.Start(user.Variables, [.. command, user.File("out")]))
        {
            process.StandardInput.Close();
            await HubUser.Arrived(incomplete, () => process.HasExited);
            var watch = Stopwatch.StartNew();
            ColbertProcess.Signal(process, "INT");
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            log.WriteLine($"Ended after {watch.ElapsedMilliseconds} ms");
            Assert.Equal(130, process.ExitCode);
        }

        Assert.False(Path.Exists(user.File("out")));
        Assert.Empty(user.Exported());
        user.Hub.InterfereAtStorage = _ => null;
        user.Hub.Storage.Calls.Clear();
        Assert.Equal(0, (await ColbertProcess.RunWith(user.Variables, "a text\n", [.. command, user.File("out")])).Exit);
        Assert.Equal(100_000, user.Hub.Storage.Calls.Single(call => call.Path == "/" + user.Hub.Etag("model.safetensors")).From);
    }

    public void Dispose() => user.Dispose();

    private static void AssertTexts((int Exit, string Output, string Error) run)
    {
        Assert.Equal(("", 0), (run.Error, run.Exit));
        Assert.Equal("a text", JsonDocument.Parse(run.Output).RootElement.GetProperty("text").GetString());
    }
}
