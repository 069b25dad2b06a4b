using System.Collections;
using System.Text.Json;
using ColbertOnnx.PowerShell.Binding;
using ColbertOnnx.Tests.Faces;

namespace ColbertOnnx.Tests.Cmdlets;

[Collection(nameof(Alone))]
public sealed class ProviderCmdletTests
{
    private static readonly string Model = TestData.Path("onnx", "bert-base");

    [Theory]
    [MemberData(nameof(ErrorCases.ProviderNames), MemberType = typeof(ErrorCases))]
    public async Task What_cannot_be_run_on_is_the_same_error_from_cmdlet_and_command(string name)
    {
        JsonElement c = ErrorCases.Provider(name);
        using var folder = new TemporaryFolder();
        string? library = ErrorCases.BuildLibrary(c, folder);
        string[] providers = ErrorCases.ListOf(c, "providers");
        Dictionary<string, object?> parameters = new()
        {
            ["RequireProvider"] = true,
            ["ProviderOption"] = new Hashtable(ErrorCases.OptionsOf(c)
                .ToDictionary(option => option.Name, option => option.Value.GetString())),
        };
        if (library is not null) parameters["ProviderLibrary"] = library;
        if (providers.Length > 0) parameters["ExecutionProvider"] = providers;
        CmdletRun imported = Import(parameters);
        Assert.Empty(imported.Output);
        ColbertException error = Assert.Single(imported.Failures).Error;
        Assert.Equal(ErrorCases.ErrorOf(c), error.Id);
        Assert.All(ErrorCases.NamesOf(c), part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.NotEmpty(error.Action!);

        List<string> arguments = ["encode", "--document", "--model", Model, "-", "-o", "-", "--require-provider"];
        if (providers.Length > 0) arguments.AddRange(["--execution-provider", string.Join(',', providers)]);
        foreach (JsonProperty option in ErrorCases.OptionsOf(c))
            arguments.AddRange(["--provider-option", $"{option.Name}={option.Value.GetString()}"]);
        if (library is not null) arguments.AddRange(["--provider-library", library]);
        var run = await ColbertProcess.Run("x\n", [.. arguments]);
        Assert.Equal((c.GetProperty("exit").GetInt32(), ""), (run.Exit, run.Output));
        Assert.StartsWith($"colbert: {ErrorCases.ErrorOf(c)}: ", run.Error, StringComparison.Ordinal);
        Assert.All(ErrorCases.NamesOf(c), part => Assert.Contains(part, run.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_fallback_is_a_warning_the_vectors_are_there_and_the_model_tells_who_ran_it()
    {
        CmdletRun imported = Import(new() { ["ExecutionProvider"] = new[] { "VitisAI", "Cpu" } });
        ColbertModel model = (ColbertModel)Assert.Single(imported.Output);
        Assert.StartsWith("bert-base: VitisAI is not available: ", Assert.Single(imported.Warnings), StringComparison.Ordinal);
        ColbertProviderShare share = Assert.Single(model.Providers);
        Assert.Equal(("Cpu", "CPUExecutionProvider", 1.0), (share.Name, share.OnnxRuntimeName, share.Share));
        Assert.Equal((share.AllNodes, share.AllMatrixProducts), (share.Nodes, share.MatrixProducts));
        Assert.InRange(share.MatrixProducts, 20, share.Nodes - 1);
        OpenModels.Remove(model);

        var plain = await ColbertProcess.Run("x\n", "encode", "--document", "--model", Model, "-", "-o", "-");
        var run = await ColbertProcess.Run(
            "x\n", "encode", "--document", "--model", Model, "-", "-o", "-", "--execution-provider", "VitisAI");
        Assert.Equal((0, plain.Output), (run.Exit, run.Output));
        Assert.StartsWith("colbert: bert-base: VitisAI is not available: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_providers_or_options_are_another_model()
    {
        static ColbertModel Open(params string[] providers) => (ColbertModel)Import(new() { ["ExecutionProvider"] = providers }).Output[0];
        ColbertModel first = Open("Cpu"), other = Open("VitisAI", "Cpu");
        Assert.Same(first, Open("Cpu"));
        Assert.NotSame(first, other);
        OpenModels.Remove(first);
        OpenModels.Remove(other);
    }

    [Fact]
    public async Task A_profile_says_what_each_operator_took_and_where_it_ran()
    {
        using var folder = new TemporaryFolder();
        ColbertModel model = (ColbertModel)Import(new() { ["ProfilePath"] = folder.File("cmdlet") }).Output[0];
        ColbertEmbedding profiled = model.EncodeDocuments(["x"])[0];
        OpenModels.Remove(model);
        using (ColbertModel plain = ColbertModel.Load(Model))
            Assert.Equal(plain.EncodeDocuments(["x"])[0].Values.ToArray(), profiled.Values.ToArray());
        CheckProfile(Assert.Single(Directory.GetFiles(folder.File("."), "cmdlet_*.json")));

        var run = await ColbertProcess.Run(
            "x\n", "encode", "--document", "--model", Model, "-", "-o", "-", "--profile-path", folder.File("command"));
        Assert.Equal(0, run.Exit);
        CheckProfile(Assert.Single(Directory.GetFiles(folder.File("."), "command_*.json")));

        run = await ColbertProcess.Run(
            "x\n", "encode", "--document", "--model", Model, "-", "-o", "-", "--profile-path", folder.File("missing/command"));
        Assert.Equal(3, run.Exit);
        Assert.StartsWith("colbert: OutputFailed: There is no folder", run.Error, StringComparison.Ordinal);
    }

    private static void CheckProfile(string file)
    {
        using JsonDocument profile = JsonDocument.Parse(File.ReadAllBytes(file));
        JsonElement[] kernels =
        [
            .. profile.RootElement.EnumerateArray()
                .Where(e => e.GetProperty("name").GetString()!.EndsWith("_kernel_time", StringComparison.Ordinal)),
        ];
        Assert.Contains(kernels, e => e.GetProperty("args").GetProperty("op_name").GetString() is "MatMul" or "Gemm" or "FusedGemm");
        Assert.All(kernels, e => Assert.Equal("CPUExecutionProvider", e.GetProperty("args").GetProperty("provider").GetString()));
    }

    [Fact]
    public async Task Providers_are_listed_alike_by_cmdlet_and_command()
    {
        ColbertExecutionProvider[] listed = [.. CmdletRun.Run("Get-ColbertExecutionProvider").Output.Cast<ColbertExecutionProvider>()];
        Assert.Equal("Cpu", listed[0].Name);
        Assert.True(listed[0].IsAvailable);
        Assert.Contains(listed, provider => !provider.IsAvailable);
        Assert.All(listed, provider => Assert.Equal(provider.IsAvailable, provider.Reason is null));
        Assert.All(listed.Where(provider => !provider.IsAvailable), provider => Assert.NotNull(provider.Install));

        var run = await ColbertProcess.Run(null, "providers", "--json");
        JsonElement[] lines =
        [
            .. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement),
        ];
        Assert.Equal(
            listed.Select(provider => (provider.Name, provider.IsAvailable)),
            lines.Select(line => (line.GetProperty("name").GetString()!, line.GetProperty("available").GetBoolean())));
        Assert.Equal("Cpu", lines[0].GetProperty("devices")[0].GetProperty("kind").GetString());
        run = await ColbertProcess.Run(null, "providers");
        Assert.All(listed, provider => Assert.Contains(provider.Name, run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void Options_of_a_hashtable_are_texts_as_ONNX_Runtime_wants_them() => Assert.Equal(
        [("a", "1"), ("b", "0"), ("c", "1.5"), ("d", "ON")],
        ProviderOptions.Of(new Hashtable { ["a"] = true, ["b"] = false, ["c"] = 1.5, ["d"] = "ON" }).Select(pair => (pair.Key, pair.Value))
            .Order());

    private static CmdletRun Import(Dictionary<string, object?> parameters) =>
        CmdletRun.Run("Import-ColbertModel", new(parameters) { ["LiteralPath"] = Model });
}
