using System.Text.Json;
using ColbertOnnx.Tests.Faces;

namespace ColbertOnnx.Tests.Runtime;

/// <summary>
/// The graphs that are written here, in another ONNX Runtime than the pinned one: COLBERT_TEST_ONNXRUNTIME names libraries, or folders that
/// hold one, by full paths with semicolons between them.
/// </summary>
public sealed class OtherRuntimeTests(ITestOutputHelper output) : IDisposable
{
    private const string Variable = "COLBERT_TEST_ONNXRUNTIME";

    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Another_ONNX_Runtime_gives_the_same_vectors()
    {
        string libraries = Environment.GetEnvironmentVariable(Variable) ?? "";
        Assert.SkipWhen(libraries.Length == 0, $"{Variable} names no other library of ONNX Runtime.");
        string texts = folder.With(
            "texts.txt",
            "the cat sat on the mat\na\n" + string.Concat(Enumerable.Repeat("quantum computers use qubits ", 20)) + "\n").File("texts.txt");
        foreach (string library in libraries.Split(';'))
        {
            foreach (string name in (string[])["bert-base", "modernbert-base", "xlmr-base", "qwen3-base"])
            {
                string model = folder.File(name);
                ColbertExporter.Export(
                    CheckpointFolder.Of(name), model, new ColbertExportOptions { Quantize = true, Force = true },
                    cancellation: TestContext.Current.CancellationToken);
                float[] full = await Encode(model, texts, library), quantized = await Encode(model, texts, library, "--quantized");
                double difference = Difference(await Encode(model, texts, null), full),
                    quantizedDifference = Difference(await Encode(model, texts, null, "--quantized"), quantized);
                output.WriteLine($"{library}, {name}: largest difference {difference:e1}, INT8 {quantizedDifference:e1}");
                Assert.InRange(difference, 0, 1e-5);

                // The last bit of a number before it is rounded may make another byte of it.
                Assert.InRange(quantizedDifference, 0, 0.05);
            }
        }
    }

    public void Dispose() => folder.Dispose();

    private static async Task<float[]> Encode(string model, string texts, string? library, params string[] more)
    {
        Dictionary<string, string> variables = [];
        if (library is not null) variables["COLBERT_ONNXRUNTIME"] = library;
        var run = await ColbertProcess.RunWith(variables, null, ["encode", "--document", "--model", model, texts, "-o", "-", .. more]);
        Assert.True(run.Exit == 0, run.Error);
        return [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(line => JsonDocument.Parse(line).RootElement.GetProperty("embedding").EnumerateArray())
            .SelectMany(row => row.EnumerateArray()).Select(number => number.GetSingle())];
    }

    private static double Difference(float[] one, float[] other)
    {
        Assert.Equal(one.Length, other.Length);
        return one.Zip(other, (a, b) => double.Abs((double)a - b)).Max();
    }
}
