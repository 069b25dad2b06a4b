using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;
using ColbertOnnx.Runtime;
using Google.Protobuf;

namespace ColbertOnnx.Tests.Onnx;

/// <summary>What a graph's file says about its operators and its data is held against what is there, before anything works on it.</summary>
public sealed class GraphCheckTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ModelProto model = new() { IrVersion = 8, Graph = new GraphProto { Name = "checked" } };

    public GraphCheckTests()
    {
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        model.Graph.Node.Add(new NodeProto { OpType = "Gather", Input = { "table", "input_ids" }, Output = { "output" } });
        model.Graph.Initializer.Add(new TensorProto
        {
            Name = "table",
            DataType = 1,
            Dims = { 4, 2 },
            RawData = ByteString.CopyFrom(new byte[32]),
        });
    }

    private TensorProto Table => model.Graph.Initializer[0];

    [Fact]
    public void A_graph_in_good_form_is_read() => Assert.Equal(8, Read().Find("table")!.ElementCount);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void An_operator_with_too_few_inputs_is_named(int inputs)
    {
        while (model.Graph.Node[0].Input.Count > inputs) model.Graph.Node[0].Input.RemoveAt(0);
        Assert.Contains("Gather 'output'", Refused().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(14, false, null)]
    [InlineData(15, false, "MostInlinedNodes")]
    [InlineData(60, false, "MostInlinedNodes")]
    [InlineData(90, false, "DeepestFunctions")]
    [InlineData(1, true, "DeepestFunctions")]
    public void Functions_that_become_a_graph_of_millions_are_refused(int count, bool isRing, string? limit)
    {
        for (int i = 0; i < count; i++)
        {
            string inner = i > 0 ? $"F{i - 1}" : isRing ? "F0" : "Identity", domain = i > 0 || isRing ? "mine" : "";
            var function = new FunctionProto
            {
                Name = $"F{i}",
                Domain = "mine",
                Input = { "x" },
                Output = { "y" },
                OpsetImport = { new OperatorSetIdProto { Version = 17 }, new OperatorSetIdProto { Domain = "mine", Version = 1 } },
            };
            function.Node.Add(new NodeProto { OpType = inner, Domain = domain, Input = { "x" }, Output = { "m" } });
            function.Node.Add(new NodeProto { OpType = inner, Domain = domain, Input = { "m" }, Output = { "y" } });
            model.Functions.Add(function);
        }

        model.Graph.Node.Add(new NodeProto { OpType = $"F{count - 1}", Domain = "mine", Input = { "output" }, Output = { "more" } });
        if (limit is null) Assert.Equal(8, Read().Find("table")!.ElementCount);
        else Assert.Contains(limit, Refused().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operator_without_an_output_is_named()
    {
        model.Graph.Node[0].Output.Clear();
        Assert.Contains("Gather", Refused().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    public void Bytes_that_are_not_those_of_the_shape_are_named(int bytes)
    {
        Table.RawData = ByteString.CopyFrom(new byte[bytes]);
        Assert.Contains($"'table' has {bytes} bytes", Refused().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-4, 2)]
    [InlineData(1L << 62, 1L << 62)]
    public void Sides_that_no_tensor_has_are_refused(long rows, long columns)
    {
        Table.Dims.Clear();
        Table.Dims.Add([rows, columns]);
        Assert.Contains("'table'", Refused().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9223372036854775807", "32", ColbertErrorId.ModelIncomplete)]
    [InlineData("0", "9223372036854775807", ColbertErrorId.ModelIncomplete)]
    [InlineData("16", "32", ColbertErrorId.ModelIncomplete)]
    [InlineData("-1", "32", ColbertErrorId.ModelInvalid)]
    [InlineData("0", "31", ColbertErrorId.ModelInvalid)]
    public void A_place_that_the_data_file_has_not_is_refused(string offset, string length, ColbertErrorId expected)
    {
        File.WriteAllBytes(folder.File("data"), new byte[40]);
        External("data", offset, length);
        Assert.Equal(expected, Refused().Id);
    }

    [Theory]
    [InlineData("../data")]
    [InlineData("/etc/hostname")]
    [InlineData("a\0b")]
    [InlineData("")]
    [InlineData(".")]
    public void A_data_file_outside_of_the_folder_is_refused_everywhere(string location)
    {
        External(location, "0", "32");
        Assert.Equal(ColbertErrorId.ModelInvalid, Refused().Id);
        string file = folder.File("model.onnx");
        Assert.Equal(
            ColbertErrorId.ModelInvalid,
            Assert.Throws<ColbertException>(() => OrtEncoderSession.Open(file, new EncoderSessionOptions())).Id);
        Assert.Null(new WeightsCache(folder.File("weights")) { SmallestModel = 0 }.Open(file, new EncoderSessionOptions()));
    }

    [Theory]
    [InlineData("data")]
    [InlineData("sub/data")]
    public void A_link_out_of_the_folder_is_refused(string location)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A link needs rights.");
        using var other = new TemporaryFolder();
        File.WriteAllBytes(other.File("data"), new byte[32]);
        if (location == "data") File.CreateSymbolicLink(folder.File("data"), other.File("data"));
        else Directory.CreateSymbolicLink(folder.File("sub"), other.Path);
        External(location, "0", "32");
        Assert.Contains("link", Refused().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_within_the_folder_and_those_beside_the_graphs_own_target_are_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A link needs rights.");
        External("data", "0", "32");
        Directory.CreateDirectory(folder.File("blobs"));
        File.WriteAllBytes(folder.File("blobs/17"), new byte[32]);
        File.CreateSymbolicLink(folder.File("data"), "blobs/17");
        Assert.Equal(32, Read().Find("table")!.Data.ToArray().Length);

        Directory.CreateDirectory(folder.File("snapshots/1"));
        File.Move(folder.File("model.onnx"), folder.File("blobs/18"));
        File.CreateSymbolicLink(folder.File("snapshots/1/model.onnx"), "../../blobs/18");
        File.CreateSymbolicLink(folder.File("snapshots/1/data"), "../../blobs/17");
        Assert.Equal(32, OnnxReader.Read(folder.File("snapshots/1/model.onnx")).Find("table")!.Data.ToArray().Length);
    }

    [Theory]
    [InlineData(Limits.DeepestBranches, true)]
    [InlineData(Limits.DeepestBranches + 1, false)]
    public void Graphs_within_graphs_have_a_limit_that_the_error_names(int depth, bool isRead)
    {
        var inner = new GraphProto { Name = "inner" };
        inner.Node.Add(new NodeProto { OpType = "Identity", Input = { "table" }, Output = { "copy" } });
        for (int i = 1; i < depth; i++)
        {
            var around = new GraphProto { Name = $"around.{i}" };
            around.Node.Add(If(inner, i));
            inner = around;
        }

        model.Graph.Node.Add(If(inner, 0));
        if (isRead) Assert.NotNull(Read());
        else Assert.Contains(nameof(Limits.DeepestBranches), Refused().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_that_only_the_engine_reads_is_no_fault_until_it_is_wanted_here()
    {
        model.Graph.Initializer.Add(new TensorProto { Name = "words", DataType = 8, Dims = { 1 } });
        OnnxModel read = Read();
        Assert.Contains(
            "'words'", Assert.Throws<ColbertException>(() => OnnxWriter.Write(read, folder.File("out.onnx"))).Message,
            StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private static NodeProto If(GraphProto branch, int number) => new()
    {
        OpType = "If",
        Input = { "condition" },
        Output = { $"value.{number}" },
        Attribute = { new AttributeProto { Name = "then_branch", Type = AttributeProto.Types.AttributeType.Graph, G = branch } },
    };

    private void External(string location, string offset, string length)
    {
        Table.RawData = ByteString.Empty;
        Table.DataLocation = TensorProto.Types.DataLocation.External;
        foreach ((string key, string value) in new[] { ("location", location), ("offset", offset), ("length", length) })
            Table.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
    }

    private OnnxModel Read()
    {
        File.WriteAllBytes(folder.File("model.onnx"), model.ToByteArray());
        return OnnxReader.Read(folder.File("model.onnx"));
    }

    private ColbertException Refused()
    {
        ColbertException error = Assert.Throws<ColbertException>(Read);
        Assert.True(error.Id is ColbertErrorId.ModelInvalid or ColbertErrorId.ModelIncomplete);
        Assert.Equal(2, error.ExitCode);
        return error;
    }
}
