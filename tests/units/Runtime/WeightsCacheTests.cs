using ColbertOnnx.Onnx.Proto;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Tests.Runtime;

public sealed class WeightsCacheTests
{
    public static TheoryData<string> Names => ["embedded", .. ReferenceCase.OnnxNames];

    public static TheoryData<string> Damages =>
    [
        "no seal", "data cut off", "data changed", "data of zeros", "graph changed", "no data", "no graph", "another CPU",
        "another release", "half a seal",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Packed_weights_give_the_same_bits(string name)
    {
        using PackedModel model = new(name);
        float[] plain = model.PlainRows();
        Assert.Equal(plain, model.Rows());
        DateTime made = File.GetLastWriteTimeUtc(model.Data);
        Assert.Equal(plain, model.Rows());
        Assert.Equal(made, File.GetLastWriteTimeUtc(model.Data));
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_stale_or_damaged_or_foreign_entry_is_made_again(string damage)
    {
        using PackedModel model = new("bert-base");
        float[] plain = model.PlainRows();
        model.Rows();
        Dictionary<string, byte[]> whole = Files(model.Entry);
        Damage(damage, model);
        Assert.NotEqual(whole, Files(model.Entry));
        Assert.Equal(plain, model.Rows());
        Assert.Equal(whole, Files(model.Entry));
    }

    private static Dictionary<string, byte[]> Files(string entry) =>
        Directory.EnumerateFiles(entry).ToDictionary(file => file, File.ReadAllBytes, StringComparer.Ordinal);

    private static void Damage(string damage, PackedModel model)
    {
        string seal = File.ReadAllText(model.Seal);
        byte[] data = File.ReadAllBytes(model.Data);
        switch (damage)
        {
            case "no seal": File.Delete(model.Seal); break;
            case "data cut off": File.WriteAllBytes(model.Data, data[..^100]); break;
            case "data changed":
                data[1000] ^= 64;
                File.WriteAllBytes(model.Data, data);
                break;
            case "no data": File.Delete(model.Data); break;
            case "no graph": File.Delete(Path.Combine(model.Entry, "model.onnx")); break;
            case "data of zeros":
                data.AsSpan(data.Length / 2, 4096).Clear();
                File.WriteAllBytes(model.Data, data);
                break;
            case "graph changed":
                byte[] graph = File.ReadAllBytes(Path.Combine(model.Entry, "model.onnx"));
                graph[graph.Length / 2] ^= 1;
                File.WriteAllBytes(Path.Combine(model.Entry, "model.onnx"), graph);
                break;
            case "another CPU":
                File.WriteAllText(model.Seal, seal.Replace(CpuFeatures.Text, "x86 0", StringComparison.Ordinal));
                break;
            case "another release":
                File.WriteAllText(model.Seal, seal.Replace("ONNX Runtime 1.30.0", "ONNX Runtime 1.29.0", StringComparison.Ordinal));
                break;
            case "half a seal": File.WriteAllText(model.Seal, seal[..(seal.Length / 2)]); break;
        }
    }

    [Theory]
    [InlineData("inside")]
    [InlineData("beside")]
    public void A_model_that_changed_has_another_entry_even_with_the_same_size_and_time(string weights)
    {
        using TemporaryFolder folder = new();
        var graph = new TestGraph { ExternalFile = weights == "beside" ? "weights.bin" : null, Rows = 400 };
        string file = graph.Write(folder.Path), changed = weights == "beside" ? folder.File("weights.bin") : file;
        var cache = new WeightsCache(folder.File("cache")) { SmallestModel = 0 };
        Assert.Equal([300, 300, 300, 300], Row300(cache, file));
        DateTime time = File.GetLastWriteTimeUtc(changed);
        byte[] bytes = File.ReadAllBytes(changed);
        int at = bytes.AsSpan().LastIndexOf(BitConverter.GetBytes(300f));
        BitConverter.GetBytes(7f).CopyTo(bytes, at);
        File.WriteAllBytes(changed, bytes);
        File.SetLastWriteTimeUtc(changed, time);
        Assert.Equal([300, 300, 300, 7], Row300(cache, file));
        Assert.Equal(2, Directory.GetDirectories(folder.File("cache")).Length);
    }

    [Fact]
    public void Many_that_make_one_at_once_leave_one_whole_entry()
    {
        using PackedModel model = new("bert-base");
        float[] plain = model.PlainRows();
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ => Assert.Equal(plain, model.Rows() ?? model.PlainRows()));
        Assert.NotNull(model.Entry);
        Assert.Equal(plain, model.Rows());
    }

    [Fact]
    public void A_graph_with_branches_by_length_is_packed_as_well()
    {
        using PackedModel model = PackedModel.Exported("modernbert-base", blockedFrom: 20);
        float[] plain = model.PlainRows();
        Assert.Equal(plain, model.Rows());
        Assert.True(File.Exists(model.Data));
    }

    [Fact]
    public void A_graph_that_cannot_be_packed_is_opened_from_its_file_and_not_tried_again()
    {
        // Three rows: the calls that prove it ask for more.
        using TemporaryFolder folder = new();
        string file = new TestGraph { Rows = 3 }.Write(folder.Path);
        var cache = new WeightsCache(folder.File("cache")) { SmallestModel = 0 };
        using (SharedSession session = SharedSession.Open(file, null, cache, 2))
        {
            float[] row = new float[4];
            session.Run(1, 1, [2], [1], row, TestContext.Current.CancellationToken);
            Assert.Equal(2, row[0]);
        }

        string seal = Assert.Single(Directory.EnumerateFiles(folder.File("cache"), "seal.txt", SearchOption.AllDirectories));
        Assert.EndsWith("not to be used\n", File.ReadAllText(seal));
        File.SetLastWriteTimeUtc(seal, DateTime.UnixEpoch);
        Assert.Null(cache.Open(file, new EncoderSessionOptions()));
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(seal));
    }

    [Fact]
    public void A_try_that_did_not_end_is_not_repeated_for_a_month()
    {
        using PackedModel model = new("bert-base");
        model.Rows();
        string attempt = Path.Combine(model.CacheFolder, ".try-" + Path.GetFileName(model.Entry));
        Directory.Delete(model.Entry, recursive: true);
        File.WriteAllText(attempt, "packed weights being made\n");
        Assert.Null(model.Rows());
        File.SetLastWriteTimeUtc(attempt, DateTime.UtcNow.AddDays(-31));
        Assert.Equal(model.PlainRows(), model.Rows());
        Assert.True(File.Exists(model.Seal));
    }

    [Theory]
    [InlineData("embedded")]
    [InlineData("roberta-base")] // its first constant is 2,080 bytes long
    public void Everything_in_the_data_file_begins_on_a_cache_line(string name)
    {
        using PackedModel model = new(name);
        model.Rows();
        ModelProto proto = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(model.Entry, "model.onnx")));
        TensorProto[] tensors = [.. PackedData.Tensors(proto.Graph).Where(tensor => tensor.ExternalData.Count > 0)];
        Assert.Contains(tensors, tensor => PackedData.Blobs(tensor).Count() > 1);
        Assert.All(tensors.SelectMany(PackedData.Blobs), blob => Assert.Equal(0, blob.Offset % PackedData.CacheLine));
    }

    [Fact]
    public void Where_nothing_can_be_written_the_model_opens_without_a_cache()
    {
        using PackedModel model = new("bert-base");
        var cache = new WeightsCache(Path.Combine(model.Graph, "cache")) { SmallestModel = 0 };
        Assert.Null(model.Rows(cache));
        using SharedSession session = SharedSession.Open(model.Graph, null, cache, 2);
        Assert.Equal(model.PlainRows(), PackedModel.Rows(session));
    }

    [Fact]
    public void A_small_model_is_not_kept()
    {
        using PackedModel model = new("bert-base");
        Assert.Null(model.Rows(new WeightsCache(model.CacheFolder)));
        Assert.False(Directory.Exists(model.CacheFolder));
    }

    [Fact]
    public void A_model_of_links_is_as_large_as_what_they_lead_to()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A link needs rights.");
        using TemporaryFolder folder = new();
        string link = folder.File("model_int8.onnx");
        File.CreateSymbolicLink(link, PackedModel.PathOf("embedded"));
        (PackedSession Session, string Graph)? opened = new WeightsCache(folder.File("cache")).Open(link, new EncoderSessionOptions());
        Assert.NotNull(opened);
        opened.Value.Session.Dispose();
        Assert.StartsWith(folder.File("cache"), opened.Value.Graph, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_broken_says_so_itself()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("model.onnx"), "this is not a model");
        var cache = new WeightsCache(folder.File("cache")) { SmallestModel = 0 };
        var error = Assert.Throws<ColbertException>(() => SharedSession.Open(folder.File("model.onnx"), null, cache, 2).Dispose());
        Assert.Equal(ColbertErrorId.ModelInvalid, error.Id);
        Assert.Equal(folder.File("model.onnx"), error.Target);
    }

    [Fact]
    public void Errors_of_a_packed_model_name_the_user_s_file()
    {
        using PackedModel model = new("bert-base");
        using SharedSession session = SharedSession.Open(model.Graph, null, model.Cache, 2);
        var error = Assert.Throws<ColbertException>(() => session.Run(1, 1, [1_000_000], [1], new float[session.Dimension], default));
        Assert.Equal(model.Graph, error.Target);
    }

    [Fact]
    public void The_user_can_switch_it_off()
    {
        Assert.Null(WeightsCache.Of("off", Path.GetTempPath()));
        Assert.Null(WeightsCache.Of("OFF", Path.GetTempPath()));
        Assert.NotNull(WeightsCache.Of(null, null));
        Assert.NotNull(WeightsCache.Of(null, Path.GetTempPath()));
    }

    [Fact]
    public void Data_files_are_found_by_the_names_in_the_graph()
    {
        using TemporaryFolder folder = new();
        Assert.Equal(["Gewichte für 日本.bin"], ExternalFiles.Of(new TestGraph { ExternalFile = "Gewichte für 日本.bin" }.Write(folder.Path)));
        Assert.Empty(ExternalFiles.Of(new TestGraph { Rows = 40_000 }.Write(folder.Path)));
    }

    private static float[] Row300(WeightsCache cache, string file)
    {
        (PackedSession session, _) = cache.Open(file, new EncoderSessionOptions())!.Value;
        using (session)
        {
            float[] row = new float[4];
            session.Run(1, 1, [300], [1], row, TestContext.Current.CancellationToken);
            return row;
        }
    }
}
