using ColbertOnnx.Native;
using ColbertOnnx.Runtime;
using ColbertOnnx.Runtime.Providers;
using Microsoft.ML.OnnxRuntime;
using OrtEpDevice = ColbertOnnx.Native.OrtEpDevice;

namespace ColbertOnnx.Tests.Runtime;

/// <summary>What is told of providers and devices against the library itself, as far as a CPU alone can show it.</summary>
public sealed class OrtProvidersTests
{
    private static readonly ProviderContext Context = new("", "1.30.0", null);

    [Fact]
    public void The_library_names_its_providers_and_the_processor_is_the_last() =>
        Assert.Equal("CPUExecutionProvider", OrtProviderHost.Instance.Built[^1]);

    [Fact]
    public void The_processor_is_a_device_with_the_library_s_version()
    {
        OrtEpDevice device = Assert.Single(OrtProviderHost.Instance.Devices, d => d.Provider == "CPUExecutionProvider");
        Assert.Equal(OrtDeviceKind.Cpu, device.Kind);
        Assert.Equal(OrtLibrary.Loaded.Version, device.Metadata["version"]);
        Assert.Equal("Microsoft", device.ProviderVendor);
    }

    [Fact]
    public void A_provider_that_nobody_knows_is_refused_by_its_name() =>
        Assert.Contains("'Abacus'", Refusal(Named("Abacus")), StringComparison.Ordinal);

    [Theory]
    [InlineData("Cuda")]
    [InlineData("TensorRt")]
    [InlineData("DirectML")]
    public void Providers_that_the_build_has_not_are_refused_in_words(string name) => Assert.NotEmpty(Refusal(ProviderTable.Find(name)!));

    [Fact]
    public void A_file_that_is_no_plug_in_is_refused()
    {
        using var folder = new TemporaryFolder();
        string file = folder.With("plug-in.so", "no library").File("plug-in.so");
        var error = Assert.Throws<OrtException>(() => OrtProviderHost.Instance.Register(file));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("[ErrorCode", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_processor_can_be_added_as_a_plug_in_s_device()
    {
        _ = OrtEnvironment.Instance;
        using var options = new SessionOptions();
        OrtProviderHost.Append(
            options, new ProviderUse(ProviderTable.PlugIn("CPUExecutionProvider"), new Dictionary<string, string>()), Context);
        using InferenceSession session = Open(options);
        Assert.All(OrtManaged.GetAssignment(session), piece => Assert.Equal("CPUExecutionProvider", piece.Provider));
    }

    [Fact]
    public void A_session_tells_each_node_s_provider_and_operator()
    {
        _ = OrtEnvironment.Instance;
        using var options = new SessionOptions();
        using InferenceSession session = Open(options);
        Assert.Equal(25, OrtManaged.GetAssignment(session).SelectMany(piece => piece.Operators).Count(o => o == "MatMul"));
        Assert.All(OrtManaged.GetAssignment(session), piece => Assert.Equal("CPUExecutionProvider", piece.Provider));
    }

    [Fact]
    public void Without_the_session_s_setting_there_is_no_telling()
    {
        _ = OrtEnvironment.Instance;
        using var session = new InferenceSession(TestData.Path("onnx", "bert-base", "model.onnx"));
        Assert.Throws<OrtException>(() => OrtManaged.GetAssignment(session));
    }

    [Fact]
    public void A_profile_names_the_provider_of_each_call()
    {
        using var folder = new TemporaryFolder();
        using (OrtEncoderSession session = OrtEncoderSession.Open(
            TestData.Path("onnx", "bert-base", "model.onnx"), new() { ProfileTo = folder.File("profil-ü") }))
            session.Run(1, 1, [5], [1], new float[session.Dimension], TestContext.Current.CancellationToken);
        string file = Assert.Single(Directory.EnumerateFiles(folder.Path, "profil-ü*"));
        Assert.Contains("\"provider\" : \"CPUExecutionProvider\"", File.ReadAllText(file), StringComparison.Ordinal);
    }

    private static string Refusal(ProviderRules rules)
    {
        string? refusal = OrtProviderHost.Instance.AppendError(new ProviderUse(rules, new Dictionary<string, string>()), Context);
        Assert.NotNull(refusal);
        Assert.DoesNotContain("[ErrorCode", refusal, StringComparison.Ordinal);
        return refusal;
    }

    private static ProviderRules Named(string name) =>
        new() { Name = name, OnnxRuntimeName = name + "ExecutionProvider", ShortName = name };

    private static InferenceSession Open(SessionOptions options)
    {
        options.AddSessionConfigEntry("session.record_ep_graph_assignment_info", "1");
        return new InferenceSession(TestData.Path("onnx", "bert-base", "model.onnx"), options);
    }
}
