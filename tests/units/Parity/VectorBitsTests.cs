using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ColbertOnnx.Native;

namespace ColbertOnnx.Tests.Parity;

/// <summary>
/// Vectors bit by bit against tests/data/vectors/hashes.json: of the embedded model, of the graphs of tests/data/onnx and of an export of
/// every family, FP32 and INT8. Which kernels run depends on the CPU's instructions and on ONNX Runtime's release, so the hashes are those
/// of one class of CPUs and one release each. COLBERT_TEST_RECORD_VECTORS=1 writes them for this machine.
/// </summary>
public sealed class VectorBitsTests(ITestOutputHelper output)
{
    private const string Variable = "COLBERT_TEST_RECORD_VECTORS";

    private static readonly string[] Families =
    [
        "albert-base", "bert-base", "deberta-v2-conv", "deberta-v3-base", "distilbert-base", "electra-base", "eurobert-base", "lfm2-base",
        "modernbert-base", "mpnet-base", "qwen3-base",
        "roberta-base", "xlmr-base",
    ];

    private static readonly string[] Texts =
    [
        "What is the capital of France?", "a", "", "Bread rises when yeast eats sugar and breathes out gas that the dough cannot let go.",
        "naïve café, 日本語 and emoji 🙂 in one line; [Q] [D] [MASK] <mask>",
        string.Concat(Enumerable.Repeat("quantum computers use qubits ", 12)),
    ];

    [Fact]
    public void Every_vector_has_the_bits_that_were_stored()
    {
        string file = TestData.Path("vectors", "hashes.json"), key = $"ONNX Runtime {OrtLibrary.Loaded.Version}, {CpuClass()}";
        var stored = JsonNode.Parse(File.ReadAllText(file))!;
        bool isRecording = Environment.GetEnvironmentVariable(Variable) == "1";
        Assert.SkipWhen(
            !isRecording && stored["vectors"]![key] is null,
            $"No vectors are stored for '{key}'; {Variable}=1 stores those of this machine.");
        SortedDictionary<string, string> hashes = Compute();
        if (isRecording)
        {
            stored["vectors"]![key] = JsonSerializer.SerializeToNode(hashes);
            File.WriteAllText(file, stored.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n");
            output.WriteLine($"{hashes.Count} hashes were written for '{key}'.");
            return;
        }

        var expected = new SortedDictionary<string, string>(
            stored["vectors"]![key].Deserialize<Dictionary<string, string>>()!, StringComparer.Ordinal);
        output.WriteLine($"{hashes.Count} models and precisions, {key}");
        Assert.Equal(expected, hashes);
    }

    private static SortedDictionary<string, string> Compute()
    {
        SortedDictionary<string, string> hashes = new(StringComparer.Ordinal) { ["embedded, INT8"] = Hash(null, isQuantized: true) };
        foreach (string name in ReferenceCase.OnnxNames) Add(hashes, $"tests/data/onnx/{name}", TestData.Path("onnx", name));
        using var exports = new TemporaryFolder();
        foreach (string name in Families)
        {
            string target = exports.File(name);
            ColbertExporter.Export(CheckpointFolder.Of(name), target, new ColbertExportOptions { Quantize = true });
            Add(hashes, $"export of {name}", target);
        }

        return hashes;
    }

    private static void Add(SortedDictionary<string, string> hashes, string name, string folder)
    {
        if (File.Exists(Path.Combine(folder, "model.onnx"))) hashes[$"{name}, FP32"] = Hash(folder, isQuantized: false);
        if (File.Exists(Path.Combine(folder, "model_int8.onnx"))) hashes[$"{name}, INT8"] = Hash(folder, isQuantized: true);
    }

    // One thread in an operator, one lane: as a text alone and beside others, in the order in which they came.
    private static string Hash(string? folder, bool isQuantized)
    {
        using ColbertModel model = ColbertModel.Load(
            folder, new ColbertModelOptions { Quantized = isQuantized, Sessions = 1, ThreadsPerSession = 1 });
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ColbertEmbedding embedding in model.EncodeQueries(Texts).Concat(model.EncodeDocuments(Texts))
            .Concat(model.EncodeDocuments([Texts[0]])))
        {
            hash.AppendData(Encoding.ASCII.GetBytes($"{embedding.Kind} {embedding.TokenCount} x {embedding.Dimension};"));
            hash.AppendData(MemoryMarshal.AsBytes(embedding.Values.Span));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // The instructions that kernels are chosen by: bits of the CPU, where the system lets programs use them.
    private static string CpuClass()
    {
        string architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        if (!X86Base.IsSupported)
            return $"{architecture} {OperatingSystem.IsMacOS() switch { true => "macOS", _ => Environment.OSVersion.Platform.ToString() }}";
        (_, int ebx, int ecx, int edx) = X86Base.CpuId(7, 0);
        (int eax1, _, _, int edx1) = X86Base.CpuId(7, 1);
        (bool Is, string Name)[] sets =
        [
            (Avx2.IsSupported, "avx2"), (Fma.IsSupported, "fma"), (Avx512F.IsSupported, "avx512f"),
            (Avx512F.IsSupported && Bit(ebx, 30) && Bit(ebx, 17) && Bit(ebx, 31), "avx512bw-dq-vl"),
            (Avx512F.IsSupported && Bit(ecx, 11), "avx512vnni"), (Bit(eax1, 5) && Avx512F.IsSupported, "avx512bf16"),
            (Bit(eax1, 4), "avxvnni"), (Bit(edx1, 4), "avxvnniint8"), (Bit(edx, 25), "amx-int8"),
        ];
        return $"{architecture} {string.Join(' ', sets.Where(set => set.Is).Select(set => set.Name))}";

        static bool Bit(int register, int bit) => (register >> bit & 1) == 1;
    }
}
