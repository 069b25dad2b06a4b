using ColbertOnnx.Runtime;

namespace ColbertOnnx.Tests.Runtime;

public sealed class OrtEncoderSessionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Shapes => ["plain", "token types", "int32", "half", "open dimension", "external data"];

    private static TestGraph Graph(string shape) => shape switch
    {
        "token types" => new() { Inputs = ["attention_mask", "token_type_ids", "input_ids"] },
        "int32" => new() { IdsAreInt32 = true },
        "half" => new() { OutputIsHalf = true },
        "open dimension" => new() { OpenDimension = true },
        "external data" => new() { ExternalFile = "weights.bin" },
        _ => new(),
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Graphs_of_every_kind_run(string shape)
    {
        using OrtEncoderSession session = OrtEncoderSession.Open(Graph(shape).Write(folder.Path), new());
        Assert.Equal(4, session.Dimension);
        Assert.Equal(shape == "token types", session.UsesTokenTypeIds);
        float[] output = new float[2 * 3 * 4];
        session.Run(2, 3, [1, 2, 3, 40, 5, 6], [1, 1, 1, 1, 1, 1], output, default);
        Assert.Equal([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 40, 40, 40, 40, 5, 5, 5, 5, 6, 6, 6, 6], output);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Token_vectors_have_a_largest_dimension(bool isOpen)
    {
        const int Most = Limits.LargestDimension;
        using (OrtEncoderSession session = OrtEncoderSession.Open(
            new TestGraph { Rows = 1, Dimension = Most, OpenDimension = isOpen }.Write(folder.Path), new()))
            Assert.Equal(Most, session.Dimension);
        string file = new TestGraph { Rows = 1, Dimension = Most + 1, OpenDimension = isOpen }.Write(folder.Path);
        AssertError(ColbertErrorId.ModelInvalid, nameof(Limits.LargestDimension), file);
    }

    [Fact]
    public void A_path_with_blanks_and_umlauts_opens()
    {
        string umlauts = Directory.CreateDirectory(folder.File("Modelle für 日本 🙂")).FullName;
        using OrtEncoderSession session = OrtEncoderSession.Open(new TestGraph { ExternalFile = "weights.bin" }.Write(umlauts), new());
        Assert.Equal(4, session.Dimension);
    }

    [Fact]
    public void One_session_serves_many_threads_at_once()
    {
        using OrtEncoderSession session = OrtEncoderSession.Open(new TestGraph().Write(folder.Path), new());
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i =>
        {
            float[] output = new float[4];
            session.Run(1, 1, [i % 50], [1], output, default);
            Assert.All(output, v => Assert.Equal(i % 50, v));
        });
    }

    [Fact]
    public void A_graph_with_other_inputs_is_refused_by_their_name()
    {
        string file = new TestGraph { Inputs = ["input_ids", "attention_mask", "pixel_values"] }.Write(folder.Path);
        AssertError(ColbertErrorId.ModelInvalid, "pixel_values", file);
    }

    [Fact]
    public void A_graph_without_a_mask_is_refused() =>
        AssertError(ColbertErrorId.ModelInvalid, "attention_mask", new TestGraph { Inputs = ["input_ids"] }.Write(folder.Path));

    [Fact]
    public void A_file_that_is_not_onnx_is_refused()
    {
        string file = folder.File("model.onnx");
        File.WriteAllText(file, "this is not a model");
        AssertError(ColbertErrorId.ModelInvalid, file, file);
    }

    [Fact]
    public void Missing_external_data_says_that_the_folder_is_incomplete()
    {
        string file = new TestGraph { ExternalFile = "weights.bin" }.Write(folder.Path);
        File.Delete(folder.File("weights.bin"));
        AssertError(ColbertErrorId.ModelIncomplete, file, file, folder.File("weights.bin"));
    }

    [Fact]
    public void External_data_that_is_cut_off_says_that_the_folder_is_incomplete()
    {
        string file = new TestGraph { ExternalFile = "weights.bin" }.Write(folder.Path);
        File.WriteAllBytes(folder.File("weights.bin"), File.ReadAllBytes(folder.File("weights.bin"))[..100]);
        AssertError(ColbertErrorId.ModelIncomplete, file, file, folder.File("weights.bin"));
    }

    [Fact]
    public void A_failing_run_names_the_graph_and_the_session_stays_usable()
    {
        using OrtEncoderSession session = OrtEncoderSession.Open(new TestGraph().Write(folder.Path), new());
        float[] output = new float[4];
        var error = Assert.Throws<ColbertException>(() => session.Run(1, 1, [5000], [1], output, default));
        Assert.Equal(ColbertErrorId.InferenceFailed, error.Id);
        session.Run(1, 1, [7], [1], output, default);
        Assert.Equal(7, output[0]);
    }

    [Fact]
    public void A_cancelled_token_ends_the_call()
    {
        using OrtEncoderSession session = OrtEncoderSession.Open(new TestGraph().Write(folder.Path), new());
        Assert.Throws<OperationCanceledException>(() => session.Run(1, 1, [1], [1], new float[4], new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Cancelling_ends_a_running_call()
    {
        // The embedded model over 128 x 128 tokens runs for seconds: a call ends between two operators.
        string file = Path.Combine(TestData.Repository, "module", "models", "minilm-l6-colbert-96", "model_int8.onnx");
        using OrtEncoderSession session = OrtEncoderSession.Open(file, new());
        int[] ids = new int[128 * 128];
        byte[] mask = new byte[ids.Length];
        Array.Fill(ids, 2000);
        Array.Fill(mask, (byte)1);
        float[] output = new float[ids.Length * session.Dimension];
        // A machine on which the call is over before it is cancelled is asked again, sooner.
        for (int wait = 300; ; wait /= 2)
        {
            using var source = new CancellationTokenSource();
            Task run = Task.Factory.StartNew(
                () => session.Run(128, 128, ids, mask, output, source.Token), TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await Task.Delay(wait, TestContext.Current.CancellationToken);
            await source.CancelAsync();
            if (await Record.ExceptionAsync(() => run) is { } error)
            {
                Assert.IsAssignableFrom<OperationCanceledException>(error);
                break;
            }

            Assert.True(wait > 0, "The call was never cancelled.");
        }

        session.Run(1, 2, [101, 102], [1, 1], output.AsSpan(0, 2 * session.Dimension), default);
    }

    private static void AssertError(ColbertErrorId id, string mention, string file, string? target = null)
    {
        var error = Assert.Throws<ColbertException>(() => OrtEncoderSession.Open(file, new()).Dispose());
        Assert.Equal(id, error.Id);
        Assert.Contains(mention, error.Message, StringComparison.Ordinal);
        Assert.Equal(target ?? file, error.Target);
        Assert.NotEmpty(error.Action!);
    }
}
