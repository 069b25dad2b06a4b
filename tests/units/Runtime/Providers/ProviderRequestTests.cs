using ColbertOnnx.Runtime.Providers;

namespace ColbertOnnx.Tests.Runtime.Providers;

public sealed class ProviderRequestTests
{
    private static ProviderRequest Request(
        string[]? names, Dictionary<string, string>? options = null, string? library = null, FakeHost? host = null) =>
        ProviderRequest.Of(
            new() { ExecutionProviders = names, ProviderOptions = options, ProviderLibrary = library }, host ?? new FakeHost());

    [Fact]
    public void Names_are_taken_in_order_once_whatever_their_case_and_up_to_the_CPU()
    {
        Assert.Equal(
            ["TensorRT", "Cuda"],
            Request(["tensorrt", "CUDAExecutionProvider", "Cuda", "Cpu", "WebGpu"]).Uses.Select(use => use.Rules.Name));
        Assert.Empty(Request(["Cpu", "Cuda"]).Uses);
        Assert.Same(ProviderRequest.Cpu, Request(null));
    }

    [Fact]
    public void An_option_goes_to_every_provider_that_knows_it()
    {
        ProviderRequest request = Request(
            ["TensorRT", "Cuda"], new() { ["device_id"] = "1", ["trt_fp16_enable"] = "1", ["use_tf32"] = "1" });
        Assert.Equal(["device_id", "trt_fp16_enable"], request.Uses[0].Options.Keys.Order());
        Assert.Equal(["device_id", "use_tf32"], request.Uses[1].Options.Keys.Order());
    }

    [Fact]
    public void An_option_that_a_provider_of_the_list_knows_goes_to_none_of_which_nothing_is_known()
    {
        ProviderRequest request = Request(["Cuda", "Qnn"], new() { ["device_id"] = "1", ["htp_performance_mode"] = "burst" });
        Assert.Equal(["device_id"], request.Uses[0].Options.Keys);
        Assert.Equal(["htp_performance_mode"], request.Uses[1].Options.Keys);
    }

    [Fact]
    public void An_option_that_nobody_knows_is_refused_with_the_names_there_are()
    {
        var error = Assert.Throws<ColbertException>(() => Request(["Cuda", "WebGpu"], new() { ["Device_Id"] = "1" }));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains("'Device_Id'", error.Message, StringComparison.Ordinal);
        Assert.Contains("device_id", error.Message, StringComparison.Ordinal);
        Assert.Contains("powerPreference", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_documented_here_goes_through() =>
        Assert.Equal("burst", Request(["Qnn"], new() { ["htp_performance_mode"] = "burst" }).Uses[0].Options["htp_performance_mode"]);

    [Fact]
    public void A_plug_in_brings_its_providers_under_their_own_and_our_names()
    {
        FakeHost host = new() { Files = ["plug.so"], Brings = ["AbacusExecutionProvider", "CUDAExecutionProvider"] };
        Assert.Equal(
            [ProviderRoute.PlugIn, ProviderRoute.PlugIn],
            Request(null, library: "plug.so", host: host).Uses.Select(use => use.Rules.Route));
        Assert.Equal(ProviderRoute.PlugIn, Request(["cuda"], library: "plug.so", host: host).Uses[0].Rules.Route);
        Assert.Equal(
            "AbacusExecutionProvider", Request(["abacusexecutionprovider"], library: "plug.so", host: host).Uses[0].Rules.OnnxRuntimeName);
        Assert.Equal(ProviderRoute.Generic, Request(["WebGpu"], library: "plug.so", host: host).Uses[0].Rules.Route);
        var error = Assert.Throws<ColbertException>(() => Request(["Slide"], library: "plug.so", host: host));
        Assert.Contains("AbacusExecutionProvider", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plug_in_without_a_device_or_that_is_none_is_unavailable()
    {
        Assert.Equal(
            ColbertErrorId.ProviderUnavailable,
            Assert.Throws<ColbertException>(() => Request(null, library: "plug.so", host: new() { Files = ["plug.so"] })).Id);
        var error =
            Assert.Throws<ColbertException>(() => Request(null, library: "plug.so", host: new() { Files = ["plug.so"], Brings = null }));
        Assert.Equal(ColbertErrorId.ProviderUnavailable, error.Id);
        Assert.Contains("CreateEpFactories", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_user_s_options_win_over_the_defaults()
    {
        var context = new ProviderContext("", "1.30.0", null);
        IReadOnlyDictionary<string, string> settings = Request(["Cuda"], new() { ["use_tf32"] = "1" }).Uses[0].Settings(context);
        Assert.Equal(
            ("1", "0", "kSameAsRequested"), (settings["use_tf32"], settings["enable_cuda_graph"], settings["arena_extend_strategy"]));
    }

    [Fact]
    public void Defaults_are_options_that_the_provider_has()
    {
        using var folder = new TemporaryFolder();
        var context = new ProviderContext(TestData.Path("onnx", "bert-base", "model.onnx"), "1.30.0", folder.Path);
        foreach (ProviderRules rules in ProviderTable.All)
            Assert.All(rules.Defaults(context).Keys, key => Assert.True(rules.Takes(key), $"{rules} {key}"));
    }

    [Fact]
    public void Engines_lie_in_a_folder_of_their_graph_and_their_versions()
    {
        using var folder = new TemporaryFolder();
        string Engines(string graph, string version) =>
            new TensorRtRules
            {
                Name = "TensorRT",
                OnnxRuntimeName = "x",
            }.Defaults(new ProviderContext(graph, version, folder.Path))["trt_engine_cache_path"];
        string graph = TestData.Path("onnx", "bert-base", "model.onnx"), other = TestData.Path("onnx", "bert-base", "model_int8.onnx");
        string first = Engines(graph, "1.30.0");
        Assert.True(Directory.Exists(first));
        Assert.StartsWith(folder.Path, first, StringComparison.Ordinal);
        Assert.Equal(first, Engines(graph, "1.30.0"));
        Assert.NotEqual(first, Engines(other, "1.30.0"));
        Assert.NotEqual(first, Engines(graph, "1.31.0"));
        Assert.DoesNotContain(
            "trt_engine_cache_enable",
            new TensorRtRules { Name = "TensorRT", OnnxRuntimeName = "x" }.Defaults(new ProviderContext(graph, "1.30.0", null)).Keys);
    }
}
