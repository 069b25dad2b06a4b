using ColbertOnnx.Pipeline;
using ColbertOnnx.Runtime;
using ColbertOnnx.Tests.Export;

namespace ColbertOnnx.Tests.Runtime;

/// <summary>A model's graph beside an empty cache, and what rows it gives.</summary>
internal sealed class PackedModel : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public PackedModel(string name)
    {
        Directory.CreateDirectory(folder.File("model"));
        string source = Path.GetDirectoryName(PathOf(name))!;
        foreach (string file in Directory.EnumerateFiles(source, "*.onnx*"))
            File.Copy(file, Path.Combine(folder.File("model"), Path.GetFileName(file)));
        Graph = Path.Combine(folder.File("model"), Path.GetFileName(PathOf(name)));
    }

    private PackedModel(Func<TemporaryFolder, string> write) => Graph = write(folder);

    public string Graph { get; }

    public string CacheFolder => folder.File("cache");

    public WeightsCache Cache => new(CacheFolder) { SmallestModel = 0 };

    /// <summary>The only entry.</summary>
    public string Entry => Assert.Single(Directory.EnumerateDirectories(CacheFolder));

    public string Seal => Path.Combine(Entry, "seal.txt");

    public string Data => Path.Combine(Entry, "model.onnx.data");

    /// <summary>A graph as the exporter makes it, with blocks in local layers from this many tokens on.</summary>
    public static PackedModel Exported(string name, int blockedFrom) =>
        new(folder => ChangedCheckpoint.Write(folder, name, "{}", blockedFrom));

    public static string PathOf(string name) => name == "embedded"
        ? Path.Combine(TestData.Repository, "module", "models", "minilm-l6-colbert-96", "model_int8.onnx")
        : TestData.Path("onnx", name, "model.onnx");

    /// <summary>Opens it through the cache and gives the rows of a few calls; null when there is no entry to be had.</summary>
    public float[]? Rows(WeightsCache? cache = null)
    {
        if ((cache ?? Cache).Open(Graph, new EncoderSessionOptions()) is not ({ } session, _)) return null;
        using (session) return Rows(session);
    }

    /// <summary>Overwrites the last two thirds of the entry's weights.</summary>
    public void Damage()
    {
        byte[] data = File.ReadAllBytes(Data);
        data.AsSpan(data.Length / 3).Fill(0x3F);
        File.WriteAllBytes(Data, data);
    }

    /// <summary>Opens it without a cache.</summary>
    public float[] PlainRows()
    {
        using OrtEncoderSession session = OrtEncoderSession.Open(Graph, new EncoderSessionOptions());
        return Rows(session);
    }

    public static float[] Rows(IEncoderSession session)
    {
        List<float> rows = [];
        foreach ((int batch, int length) in ((int, int)[])[(1, 3), (1, 29), (3, 16)])
        {
            int[] ids = new int[batch * length];
            byte[] mask = new byte[ids.Length];
            for (int i = 0; i < ids.Length; i++) (ids[i], mask[i]) = (5 + (i * 7 % 90), (byte)(batch > 1 && i % length > 12 ? 0 : 1));
            float[] output = new float[ids.Length * session.Dimension];
            session.Run(batch, length, ids, mask, output, TestContext.Current.CancellationToken);
            rows.AddRange(output);
        }

        return [.. rows];
    }

    public void Dispose() => folder.Dispose();
}
