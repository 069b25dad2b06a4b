using ColbertOnnx.Runtime.Providers;

namespace ColbertOnnx.Tests.Runtime.Providers;

public sealed class ProviderCheckTests
{
    private static readonly string[] CudaFiles = ["libonnxruntime_providers_shared.so", "libonnxruntime_providers_cuda.so"];

    private static string? WhyNot(string name, FakeHost host) => new ProviderCheck(host).WhyNot(ProviderTable.Find(name)!);

    private static string? Tried(string name, FakeHost host) =>
        new ProviderCheck(host).WhyNotTried(
            new ProviderUse(ProviderTable.Find(name)!, new Dictionary<string, string>()), new ProviderContext("", "1.30.0", null));

    [Fact]
    public void The_processor_is_always_there() => Assert.Null(Tried("Cpu", new FakeHost { Built = [] }));

    [Fact]
    public void A_provider_of_another_system_says_which() =>
        Assert.Equal("It exists for Windows only.", WhyNot("DirectML", new FakeHost()));

    [Fact]
    public void An_old_Windows_is_told_with_its_build()
    {
        FakeHost old = new() { System = "win", SystemBuild = 17763, Built = ["DmlExecutionProvider"], Loads = ["d3d12.dll"] };
        Assert.Equal("It needs Windows 10 1903 (build 18362); this is build 17763.", WhyNot("DirectML", old));
        Assert.Null(WhyNot(
            "DirectML", new() { System = "win", SystemBuild = 18362, Built = ["DmlExecutionProvider"], Loads = ["d3d12.dll"] }));
    }

    [Fact]
    public void A_build_without_it_is_named_by_version_and_path()
    {
        string reason = WhyNot("OpenVino", new FakeHost())!;
        Assert.Contains("1.30.0", reason, StringComparison.Ordinal);
        Assert.Contains("libonnxruntime.so.1", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Libraries_that_are_missing_are_named_by_their_paths_and_no_others()
    {
        string reason = WhyNot("Cuda", new FakeHost { Files = [CudaFiles[0]] })!;
        Assert.Contains(Path.Combine(Path.GetFullPath("/ort"), CudaFiles[1]), reason, StringComparison.Ordinal);
        Assert.DoesNotContain(CudaFiles[0], reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_driver_is_told_in_the_system_s_words() =>
        Assert.Equal(
            "NVIDIA's driver is missing: libcuda.so.1: cannot open shared object file", WhyNot("Cuda", new FakeHost { Files = CudaFiles }));

    [Fact]
    public void A_library_that_lacks_another_one_says_so_and_then_the_provider_itself_is_asked()
    {
        FakeHost unloadable = new() { Files = CudaFiles, Loads = ["libcuda.so.1", CudaFiles[0]] };
        Assert.Null(WhyNot("Cuda", unloadable));
        Assert.StartsWith(
            "Its library does not load: libonnxruntime_providers_cuda.so", Tried("Cuda", unloadable), StringComparison.Ordinal);

        FakeHost refusing = new()
        {
            Files = CudaFiles,
            Loads = ["libcuda.so.1", .. CudaFiles],
            Refuses = "CUDA failure 100: no CUDA-capable device is detected",
        };
        Assert.Equal("CUDA failure 100: no CUDA-capable device is detected", Tried("Cuda", refusing));
    }

    [Fact]
    public void The_list_has_every_provider_once_with_devices_memory_and_what_to_install()
    {
        FakeHost host = new()
        {
            Files = CudaFiles,
            Loads = ["libcuda.so.1", .. CudaFiles],
            Built = ["CUDAExecutionProvider", "AbacusExecutionProvider", "CPUExecutionProvider"],
            Devices =
            [
                FakeHost.Gpu("CUDAExecutionProvider", new() { ["Description"] = "H100", ["DxgiVideoMemory"] = "81559 MB" }),
                FakeHost.Gpu("QNNExecutionProvider", []),
            ],
        };
        IReadOnlyList<ColbertExecutionProvider> all = new ProviderCatalog(host).List(["QNNExecutionProvider"]);
        Assert.Equal(all.Count, all.Select(provider => provider.OnnxRuntimeName).Distinct().Count());
        Assert.Equal("Qnn", all[0].Name);
        Assert.True(all[0].IsAvailable);
        Assert.Equal("Gpu NVIDIA", all[0].Devices[0].ToString());
        Assert.Contains(all, provider => provider.OnnxRuntimeName == "AbacusExecutionProvider");

        ColbertExecutionProvider cuda = all.Single(provider => provider.Name == "Cuda");
        Assert.Equal((true, null, null, "2.5"), (cuda.IsAvailable, cuda.Reason, cuda.Install, cuda.Version));
        Assert.Equal("Gpu H100 (81559 MB)", Assert.Single(cuda.Devices).ToString());
        Assert.Contains("device_id", cuda.Options);

        ColbertExecutionProvider other = all.Single(provider => provider.Name == "TensorRT");
        Assert.False(other.IsAvailable);
        Assert.NotEmpty(other.Reason!);
        Assert.Contains("https://", other.Install, StringComparison.Ordinal);

        static string Advice(FakeHost host) => new ProviderCatalog(host).List([]).Single(provider => provider.Name == "WebGpu").Install!;
        Assert.Contains("-p:ColbertNatives=npm", Advice(host), StringComparison.Ordinal);
        Assert.DoesNotContain("driver", Advice(host), StringComparison.Ordinal);
        Assert.StartsWith("Install the GPU's driver", Advice(new FakeHost()), StringComparison.Ordinal);
    }
}
