using ColbertOnnx.Native;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Tests.Runtime;

/// <summary>The binding's functions for providers against the library itself, as far as a processor alone can show them.</summary>
public sealed class OrtProvidersTests
{
    private static readonly Dictionary<string, string> NoSettings = [];

    private static OrtLibrary Library => OrtLibrary.Loaded;

    [Fact]
    public void The_library_names_its_providers_and_the_processor_is_the_last() =>
        Assert.Equal("CPUExecutionProvider", Library.GetAvailableProviders()[^1]);

    [Fact]
    public void The_processor_is_a_device_with_the_library_s_version()
    {
        OrtEpDevice device = Assert.Single(Library.GetDevices(OrtEnvironment.Handle), d => d.Provider == "CPUExecutionProvider");
        Assert.Equal(OrtDeviceKind.Cpu, device.Kind);
        Assert.Equal(Library.Version, device.Metadata["version"]);
        Assert.Equal("Microsoft", device.ProviderVendor);
    }

    [Fact]
    public void A_provider_that_nobody_knows_is_refused_by_its_name()
    {
        using OrtSessionOptionsHandle options = Library.CreateSessionOptions();
        var error = Assert.Throws<OrtException>(() => Library.AppendProvider(options, "Abacus", NoSettings));
        Assert.Contains("'Abacus'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_and_values_arrive_whole()
    {
        // The library refuses a value that is too long, and says how long it was.
        using OrtSessionOptionsHandle options = Library.CreateSessionOptions();
        var error = Assert.Throws<OrtException>(() => Library.AppendProvider(options, "WebGPU", new Dictionary<string, string> { ["größe"] = "1", ["long"] = new('x', 9000) }));
        Assert.Contains("9000", error.Message, StringComparison.Ordinal);
        Assert.Contains("long", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_is_no_plug_in_is_refused_and_a_registration_that_is_not_there_too()
    {
        Assert.Throws<OrtException>(() => Library.RegisterProviderLibrary(OrtEnvironment.Handle, "absent", "/absent/libprovider.so"));
        Assert.Throws<OrtException>(() => Library.UnregisterProviderLibrary(OrtEnvironment.Handle, "absent"));
        using OrtSessionOptionsHandle options = Library.CreateSessionOptions();
        Assert.Throws<OrtException>(() => Library.AppendDevices(options, OrtEnvironment.Handle, [], NoSettings));
    }

    [Fact]
    public void A_processor_s_device_is_appended_like_a_plug_in_s()
    {
        using OrtSessionOptionsHandle options = Library.CreateSessionOptions();
        OrtEpDevice device = Library.GetDevices(OrtEnvironment.Handle).Single(d => d.Provider == "CPUExecutionProvider");
        Library.AppendDevices(options, OrtEnvironment.Handle, [device], NoSettings);
        using OrtSessionHandle session = Open(options);
        Assert.All(Library.GetAssignment(session), piece => Assert.Equal("CPUExecutionProvider", piece.Provider));
    }

    [Fact]
    public void A_session_tells_each_node_s_provider_and_operator()
    {
        using OrtSessionOptionsHandle options = Library.CreateSessionOptions();
        using OrtSessionHandle session = Open(options);
        string[] operators = [.. Library.GetAssignment(session).SelectMany(piece => piece.Operators)];
        Assert.Equal(25, operators.Count(o => o == "MatMul"));
        Assert.All(Library.GetAssignment(session), piece => Assert.Equal("CPUExecutionProvider", piece.Provider));
    }

    [Fact]
    public void Without_the_session_s_setting_there_is_no_telling()
    {
        using OrtSessionOptionsHandle options = Library.CreateSessionOptions();
        using OrtSessionHandle session = Library.CreateSession(OrtEnvironment.Handle, TestData.Path("onnx", "bert-base", "model.onnx"), options);
        Assert.Throws<OrtException>(() => Library.GetAssignment(session));
    }

    [Fact]
    public void A_profile_names_the_provider_of_each_call()
    {
        using var folder = new TemporaryFolder();
        using OrtSessionOptionsHandle options = Library.CreateSessionOptions();
        Library.EnableProfiling(options, folder.File("profil-ü"));
        using OrtSessionHandle session = Open(options);
        OrtTensorInfo[] inputs = Library.GetTensors(session, inputs: true);
        Library.RunForShape(session, inputs, new byte[inputs.Length * sizeof(long)], [1, 1], Library.GetTensors(session, inputs: false)[0]);
        string file = Library.EndProfiling(session);
        Assert.StartsWith(folder.File("profil-ü"), file, StringComparison.Ordinal);
        Assert.Contains("\"provider\" : \"CPUExecutionProvider\"", File.ReadAllText(file), StringComparison.Ordinal);
    }

    private static OrtSessionHandle Open(OrtSessionOptionsHandle options)
    {
        Library.AddConfiguration(options, "session.record_ep_graph_assignment_info", "1");
        return Library.CreateSession(OrtEnvironment.Handle, TestData.Path("onnx", "bert-base", "model.onnx"), options);
    }
}
