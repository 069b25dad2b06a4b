using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using ColbertOnnx.Embeddings;

namespace ColbertOnnx.Tests.Embeddings;

public sealed class EmbeddingReaderTests
{
    private static readonly float[][] Three = [Eighths(2, -4), [], Eighths(3, 10)];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_number_that_float32_cannot_hold_is_an_error_with_its_row(bool isFortran)
    {
        using var folder = new TemporaryFolder();
        // Three rows of two: the large one is in row 1, from 0, in either order.
        double[] values = isFortran ? [1, 2, 3, 4, -1e300, 6] : [1, 2, 3, -1e300, 5, 6];
        File.WriteAllBytes(folder.File("a.npy"), NpyBytes.Of("<f8", "(3, 2)", MemoryMarshal.AsBytes(values.AsSpan()), isFortran));
        ColbertException error = Assert.Throws<ColbertException>(() => EmbeddingReader.Read(folder.File("a.npy")).ToArray());
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains("a.npy", error.Message, StringComparison.Ordinal);
        Assert.Contains("row 1 holds", error.Message, StringComparison.Ordinal);

        // What is infinite or no number in the file stays so, as in float32.
        values[isFortran ? 4 : 3] = double.NegativeInfinity;
        values[0] = double.NaN;
        File.WriteAllBytes(folder.File("a.npy"), NpyBytes.Of("<f8", "(3, 2)", MemoryMarshal.AsBytes(values.AsSpan()), isFortran));
        float[] read = EmbeddingReader.Read(folder.File("a.npy")).Single().Values;
        Assert.Equal((float.NaN, float.NegativeInfinity), (read[0], read[3]));
    }

    // tests/data/embeddings, made by NumPy: see make.py there.
    [Theory]
    [InlineData("list.npz")]
    [InlineData("list-compressed.npz")]
    [InlineData("list-float16.npz")]
    [InlineData("list-fortran.npz")]
    [InlineData("list-big-endian.npz")]
    [InlineData("flat-offsets.npz")]
    [InlineData("flat-offsets-fortran.npz")]
    [InlineData("flat-starts.npz")]
    [InlineData("flat-doclens.npz")]
    [InlineData("padded.npz")]
    [InlineData("several.npy")]
    public void What_NumPy_wrote_is_read(string file) => AssertRows(Three, Read(TestData.Path("embeddings", file)));

    [Theory]
    [InlineData("padded-mask.npz")]
    [InlineData("padded-lengths.npz")]
    public void A_padded_array_is_cut_where_it_is_said(string file) =>
        AssertRows(Three.Select(rows => rows.Select(value => value + 1).ToArray()), Read(TestData.Path("embeddings", file)));

    [Theory]
    [InlineData("one.npy")]
    [InlineData("version2.npy")]
    [InlineData("version3.npy")]
    public void One_matrix_is_one_text(string file) => AssertRows([Three[2]], Read(TestData.Path("embeddings", file)));

    [Fact]
    public void Ids_are_words_or_numbers()
    {
        Assert.Equal(["a", "bü", "c"], Read(TestData.Path("embeddings", "flat-doclens.npz")).Select(e => e.Id));
        Assert.Equal(["7", "8", "9"], Read(TestData.Path("embeddings", "padded-lengths.npz")).Select(e => e.Id));
    }

    [Fact]
    public void Groups_of_one_file_keep_their_offsets_and_their_kind()
    {
        List<StoredEmbedding> read = Read(TestData.Path("embeddings", "two-groups.npz"));
        AssertRows([Eighths(1, 0), Eighths(1, 3), .. Three], read);
        Assert.Equal([TextKind.Query, TextKind.Query, TextKind.Document, TextKind.Document, TextKind.Document], read.Select(e => e.Kind));
    }

    [Theory]
    [InlineData("<f2", 2)]
    [InlineData("<f4", 4)]
    [InlineData("<f8", 8)]
    [InlineData(">f2", 2)]
    [InlineData(">f4", 4)]
    [InlineData("|i1", 1)]
    [InlineData("|u1", 1)]
    [InlineData("<i2", 2)]
    [InlineData("<i8", 8)]
    public void Every_type_of_number_becomes_float32(string descr, int size)
    {
        byte[] Element(int value)
        {
            byte[] bytes = descr[1..] switch
            {
                "f2" => BitConverter.GetBytes((Half)value),
                "f4" => BitConverter.GetBytes((float)value),
                "f8" => BitConverter.GetBytes((double)value),
                "i2" => BitConverter.GetBytes((short)value),
                "i8" => BitConverter.GetBytes((long)value),
                _ => [(byte)value],
            };
            Assert.Equal(size, bytes.Length);
            if (descr[0] == '>') Array.Reverse(bytes);
            return bytes;
        }

        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.npy"), NpyBytes.Of(descr, "(3, 2)", [.. Enumerable.Range(1, 6).SelectMany(Element)]));
        AssertRows([[1, 2, 3, 4, 5, 6]], Read(folder.File("a.npy")), 2);
    }

    [Fact]
    public void A_folder_is_read_by_the_numbers_in_its_names_with_its_texts()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("notes.txt").With("texts.txt", "two\nten\n");
        File.WriteAllBytes(folder.File("doc_10.npy"), NpyBytes.Floats("(1, 2)", 10, 10));
        File.WriteAllBytes(folder.File("doc_2.npy"), NpyBytes.Floats("(1, 2)", 2, 2));
        List<StoredEmbedding> read = Read(folder.Path);
        AssertRows([[2, 2], [10, 10]], read, 2);
        Assert.Equal(["two", "ten"], read.Select(e => e.Text));
        Assert.All(read, e => Assert.Equal(TextKind.Document, e.Kind));
        folder.With("other.jsonl", "{\"id\":7,\"text\":\"x\"}\n{\"id\":\"b\",\"text\":\"y\"}\n");
        Assert.Equal(
            [("7", "x"), ("b", "y")],
            EmbeddingReader.Read(folder.Path, new() { Texts = folder.File("other.jsonl") }).Select(e => (e.Id!, e.Text!)));
    }

    [Theory]
    [InlineData("one\n", "one more embedding")]
    [InlineData("one\ntwo\nthree\n", "one more text")]
    public void Texts_that_do_not_fit_are_told(string texts, string said)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("texts.txt", texts);
        foreach (string name in (string[])["a.npy", "b.npy"]) File.WriteAllBytes(folder.File(name), NpyBytes.Floats("(1, 1)", 1));
        AssertInvalid(folder.Path, said);
    }

    [Fact]
    public void Offsets_may_lie_in_a_file_beside_the_matrix()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("corpus.npy"), NpyBytes.Floats("(3, 1)", 1, 2, 3));
        File.WriteAllBytes(
            folder.File("corpus_offsets.npy"), NpyBytes.Of("<i8", "(3,)", [.. new long[] { 0, 1, 3 }.SelectMany(BitConverter.GetBytes)]));
        AssertRows([[1], [2, 3]], Read(folder.File("corpus.npy")), 1);
        AssertRows([[1], [2, 3]], Read(folder.Path), 1);
        // In a folder with other arrays the name decides.
        File.WriteAllBytes(folder.File("other.npy"), NpyBytes.Floats("(1, 1)", 9));
        AssertRows([[9]], Read(folder.File("other.npy")), 1);
    }

    [Theory]
    [InlineData("corpus_indptr", 0L, 1L, 3L)]
    [InlineData("corpus.offset", 0L, 1L, 3L)]
    [InlineData("counts", 1L, 2L)]
    [InlineData("corpus_lens", 1L, 2L)]
    public void What_such_a_file_is_called_in_a_zip_it_is_called_there_too(string name, params long[] numbers)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("corpus.npy"), NpyBytes.Floats("(3, 1)", 1, 2, 3));
        File.WriteAllBytes(
            folder.File(name + ".npy"), NpyBytes.Of("<i8", $"({numbers.Length},)", [.. numbers.SelectMany(BitConverter.GetBytes)]));
        AssertRows([[1], [2, 3]], Read(folder.File("corpus.npy")), 1);
    }

    [Fact]
    public void JSON_Lines_give_everything_that_was_written()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("e.ndjson", """
            {"id":"a","text":"ä","kind":"query","tokens":2,"dimension":2,"truncated":true,"token_ids":[5,6],"token_offsets":[[0,0],[0,1]],"more":{"x":[1]},"embedding":[[1,2],[3,4e-1]]}

            {"id":3,"embedding":[]}
            {"dimension":4,"type":"binary","embedding":[[160]]}
            {"scale":[0.5,2],"type":"int8","embedding":[[1,-2],[3,-127]]}
            """);
        List<StoredEmbedding> read = Read(folder.File("e.ndjson"));
        AssertRows([[1, 2, 3, 0.4f]], read[..1], 2);
        Assert.Equal(("a", "ä", TextKind.Query, true), (read[0].Id, read[0].Text, read[0].Kind, read[0].IsTruncated));
        Assert.Equal([5, 6], read[0].TokenIds);
        Assert.Equal([(0, 0), (0, 1)], read[0].TokenOffsets);
        Assert.Equal(("3", null, null, 0), (read[1].Id, read[1].Text, read[1].Kind, read[1].Rows));
        AssertRows([[0.5f, -0.5f, 0.5f, -0.5f]], read[2..3], 4);
        AssertRows([[0.5f, -1, 6, -254]], read[3..], 2);
        Assert.EndsWith("e.ndjson:4", read[2].Location, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"embedding\":[[1,2],[3]]}", "row 1 has 1 element,")]
    [InlineData("{\"embedding\":[[1,NaN]]}", "not JSON")]
    [InlineData("{\"embedding\":[[1,null]]}", "row 0")]
    [InlineData("{\"embedding\":[[1,1e99]]}", "row 0")]
    [InlineData("{\"embedding\":[1,2]}", "list of rows")]
    [InlineData("{\"embedding\":\"x\"}", "list of rows")]
    [InlineData("{\"text\":\"x\"}", "no 'embedding'")]
    [InlineData("[[1,2]]", "not a JSON object")]
    [InlineData("{\"dimension\":3,\"embedding\":[[1,2]]}", "says dimension 3, and its rows have 2 elements")]
    [InlineData("{\"tokens\":3,\"embedding\":[[1,2]]}", "3 tokens")]
    [InlineData("{\"type\":\"int8\",\"embedding\":[[1,2]]}", "scales")]
    [InlineData("{\"type\":\"int4\",\"embedding\":[[1,2]]}", "int4")]
    [InlineData("{\"type\":\"binary\",\"dimension\":17,\"embedding\":[[1,2]]}", "says dimension 17, and its rows have 2 elements")]
    [InlineData("{\"kind\":\"answer\",\"embedding\":[[1,2]]}", "answer")]
    [InlineData("{\"token_offsets\":[[-1,2]],\"embedding\":[[1,2]]}", "'token_offsets'")]
    [InlineData("{\"token_offsets\":[[2,1]],\"embedding\":[[1,2]]}", "'token_offsets'")]
    [InlineData("{\"token_offsets\":[[1]],\"embedding\":[[1,2]]}", "'token_offsets'")]
    [InlineData("{\"embedding\":[[1,2]", "not JSON")]
    public void A_bad_line_is_told_with_its_number(string line, string said)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("e.jsonl", "{\"embedding\":[[1,2]]}\n" + line);
        ColbertException error = AssertInvalid(folder.File("e.jsonl"), said);
        Assert.Contains("e.jsonl:2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pickled_objects_are_refused_with_the_way_to_convert_them()
    {
        ColbertException error = AssertInvalid(TestData.Path("embeddings", "objects.npy"), "pickled");
        Assert.Contains("numpy.savez", error.Action, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "not an npy file")]
    [InlineData("\u0093NUMPY\u0001", "ends in the middle")]
    [InlineData("\u0093NUMPY\u0007\u0000\u0002\u0000{}", "version 7")]
    [InlineData("\u0093NUMPY\u0002\u0000\u00ff\u00ff\u00ff\u00ff", "4294967295 bytes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 1000000)}", "cut off")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (9000000000000000000, 9000000000000000000)}", "promises")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 9000000000000000000)}", "")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 2)}", "does not describe")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2)}", "cut off")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", "two axes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False}", "does not describe")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1, 1)}", "records")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1, 1)}", "<c8")]
    [InlineData("{'descr': '|b1', 'fortran_order': False, 'shape': (1, 4)}", "|b1")]
    [InlineData("((((((((((((((((((((((((((((((((((((", "does not describe")]
    public void A_broken_npy_file_is_told(string content, string said)
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = content.StartsWith('\u0093') || content.Length == 0
            ? Encoding.Latin1.GetBytes(content)
            : NpyBytes.Of(content, [0, 0, 0, 0]);
        File.WriteAllBytes(folder.File("a.npy"), bytes);
        AssertInvalid(folder.File("a.npy"), said);
    }

    [Theory]
    [InlineData("list-compressed.npz")]
    [InlineData("flat-doclens.npz")]
    [InlineData("several.npy")]
    public void No_damage_of_a_byte_and_no_cut_is_a_crash(string name)
    {
        byte[] good = File.ReadAllBytes(TestData.Path("embeddings", name));
        using var folder = new TemporaryFolder();
        string file = folder.File(name);
        int told = 0;
        for (int i = 0; i < good.Length; i++)
        {
            told += TryRead(file, good[..i]);
            byte[] damaged = [.. good];
            damaged[i] ^= 0xFF;
            told += TryRead(file, damaged);
        }

        Assert.InRange(told, good.Length / 2, 2 * good.Length);
    }

    [Fact]
    public void A_zip_with_a_wrong_checksum_is_told_with_the_array()
    {
        byte[] bytes = File.ReadAllBytes(TestData.Path("embeddings", "list.npz"));
        int at = bytes.AsSpan().IndexOf(BitConverter.GetBytes(-0.5f));
        Assert.True(at > 0);
        bytes[at + 3] ^= 1;
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.npz"), bytes);
        ColbertException error = AssertInvalid(folder.File("a.npz"), "checksum");
        Assert.Contains("arr_0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_of_something_else_is_told()
    {
        using var folder = new TemporaryFolder();
        using (ZipArchive zip = ZipFile.Open(folder.File("a.npz"), ZipArchiveMode.Create))
        using (Stream entry = zip.CreateEntry("readme.md").Open()) entry.Write("hello"u8);
        AssertInvalid(folder.File("a.npz"), "readme.md: it is not an npy file");
    }

    [Theory]
    [InlineData("nowhere.npz", "no file")]
    [InlineData("nowhere", "no file")]
    [InlineData("a.feather", ".feather")]
    [InlineData("empty", "no npy file in the folder")]
    public void A_path_of_no_embeddings_is_told(string name, string said)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("a.feather").With("empty/x.txt");
        AssertInvalid(folder.File(name), said);
    }

    private static List<StoredEmbedding> Read(string path) => [.. EmbeddingReader.Read(path)];

    /// <summary>1 when it was told what is wrong; nothing else than that may happen.</summary>
    private static int TryRead(string file, byte[] bytes)
    {
        File.WriteAllBytes(file, bytes);
        try
        {
            Read(file);
            return 0;
        }
        catch (ColbertException error)
        {
            Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
            return 1;
        }
    }

    private static ColbertException AssertInvalid(string path, string said)
    {
        ColbertException error = Assert.Throws<ColbertException>(() => Read(path));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains(Path.GetFileName(path), error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Action!);
        return error;
    }

    private static void AssertRows(IEnumerable<float[]> expected, List<StoredEmbedding> read, int dimension = 3)
    {
        Assert.Equal(expected, read.Select(e => e.Values));
        Assert.All(read, e => Assert.Equal(dimension, e.Dimension));
    }

    private static float[] Eighths(int rows, int start) => [.. Enumerable.Range(start, rows * 3).Select(i => i / 8f)];
}
