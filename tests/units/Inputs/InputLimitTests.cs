using ColbertOnnx.Inputs;

namespace ColbertOnnx.Tests.Inputs;

[Collection(nameof(Alone))]
public sealed class InputLimitTests
{
    // Pieces that never end a line, a field or a record.
    [Theory]
    [InlineData(nameof(InputFormat.Text), "no end ")]
    [InlineData(nameof(InputFormat.JsonLines), "\"no end ")]
    [InlineData(nameof(InputFormat.Json), "[\"no end ")]
    [InlineData(nameof(InputFormat.Csv), "text\n\"no end\n")]
    public void A_record_without_an_end_is_refused_by_a_limit_that_is_named(string format, string begin)
    {
        byte[] first = System.Text.Encoding.UTF8.GetBytes(begin), piece = new byte[1 << 20];
        piece.AsSpan().Fill((byte)'x');
        if (format == nameof(InputFormat.Csv)) piece[^1] = (byte)'\n';
        var stream = new EndlessStream(first, piece);
        ColbertException error = Assert.Throws<ColbertException>(() =>
            InputReader.Read(stream, "in", new() { Format = Enum.Parse<InputFormat>(format) }).Count());
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains("LongestLine", error.Message, StringComparison.Ordinal);
        Assert.StartsWith(format == nameof(InputFormat.Csv) ? "in:2" : "in:1", error.Message, StringComparison.Ordinal);
        Assert.InRange(stream.Given, Limits.LongestLine, Limits.LongestLine + (2L << 20));
    }

    [Fact]
    public void A_file_that_is_one_text_has_the_same_limit()
    {
        using var folder = new TemporaryFolder();
        using (FileStream file = File.Create(folder.File("large.txt"))) file.SetLength(Limits.LongestLine + 1L);
        Assert.Contains(
            "LongestLine", Assert.Throws<ColbertException>(() => StrictUtf8.ReadFile(folder.File("large.txt"))).Message,
            StringComparison.Ordinal);
    }

    private sealed class EndlessStream(byte[] first, byte[] piece) : MemoryStream
    {
        private bool hasBegun;

        public long Given { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            ReadOnlySpan<byte> next = hasBegun ? piece : first;
            hasBegun = true;
            int count = Math.Min(next.Length, buffer.Length);
            next[^count..].CopyTo(buffer);
            Given += count;
            return count;
        }
    }
}
