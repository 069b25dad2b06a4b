using ColbertOnnx.Diagnostics;

namespace ColbertOnnx.Tests.Diagnostics;

/// <summary>Results by hand.</summary>
internal static class Results
{
    public static ColbertThroughput Of(
        double documents = 100, double share = 0.97, string cpu = "EPYC", int cpuCount = 2, int sessions = 2, int? batch = null,
        bool quantized = true, params string[] providers) => new()
        {
            Configuration = new()
            {
                Model = "model \"x\"",
                IsQuantized = quantized,
                Kind = TextKind.Document,
                Sessions = sessions,
                ThreadsPerSession = 1,
                BatchSize = batch,
                ExecutionProviders = providers,
            },
            Texts = new() { Source = "generated", Seed = 1, Count = 200, Tokens = 36000, TokensPerText = new(180, 180, 180) },
            Environment = new()
            {
                Cpu = cpu,
                CpuCount = cpuCount,
                OperatingSystem = "Linux",
                Architecture = "X64",
                Framework = ".NET",
                OnnxRuntime = "1.24.0",
                Provider = "CPUExecutionProvider",
                ModuleVersion = "0.1.0",
            },
            Repeat = 3,
            DocumentsPerSecond = new(documents * 0.9, documents, documents * 1.1),
            TokensPerSecond = new(documents * 162, documents * 180, documents * 198),
            RawLoopDocumentsPerSecond = new(documents, documents / share, documents * 1.2),
            ShareOfRawLoop = new(share - 0.01, share, share + 0.01),
            ShareByCpuTime = new(share, share, share),
            Limit = new()
            {
                Share = new(0.6, 0.7, 0.8),
                ShareByCpuTime = new(0.7, 0.71, 0.72),
                DocumentsPerSecond = new(140, 142, 150),
                Int8PerSecond = new(4e11, 4.4e11, 4.5e11),
                FloatPerSecond = new(1.1e11, 1.2e11, 1.3e11),
                Int8PerText = 1.92e9,
                FloatPerText = 0.15e9,
            },
            Latency = ThroughputLatency.Of([[5, 6, 7, 12], [5, 6, 7, 9], [4, 6, 7, 30]]),
            LoadSeconds = new(0.2, 0.25, 0.5),
            PeakMemoryBytes = new(100e6, 120e6, 130e6),
            Providers =
        [
            new()
            {
                Name = "Cuda",
                OnnxRuntimeName = "CUDAExecutionProvider",
                Nodes = 300,
                AllNodes = 358,
                MatrixProducts = 48,
                AllMatrixProducts = 50,
            },
            new()
            {
                Name = "Cpu",
                OnnxRuntimeName = "CPUExecutionProvider",
                Nodes = 58,
                AllNodes = 358,
                MatrixProducts = 2,
                AllMatrixProducts = 50,
            },
        ],
            Measured = new(2026, 11, 24, 12, 0, 0, DateTimeKind.Utc),
        };
}
