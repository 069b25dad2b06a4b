using ColbertOnnx.IO;

namespace ColbertOnnx.Tests.IO;

public sealed class FileDigestTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(4096)]
    [InlineData(200_001)]
    public void Every_byte_of_a_file_of_up_to_four_megabytes_counts(int length)
    {
        using TemporaryFolder folder = new();
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var digests = new HashSet<string> { Digest(bytes) };
        foreach (int at in (int[])[0, length / 3, length - 1])
        {
            byte[] changed = [.. bytes];
            changed[at] ^= 1;
            digests.Add(Digest(changed));
        }

        digests.Add(Digest([.. bytes, 0]));
        Assert.Equal(length == 1 ? 3 : 5, digests.Count);
        Assert.Equal(Digest(bytes), Digest(bytes));

        string Digest(byte[] content)
        {
            File.WriteAllBytes(folder.File("f"), content);
            return FileDigest.Of(folder.File("f"));
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(29_999_999, 1)]
    [InlineData(7_000_000, 70_000)]
    public void Of_a_larger_file_its_ends_and_any_longer_stretch_count(int at, int length)
    {
        using TemporaryFolder folder = new();
        byte[] bytes = new byte[30_000_000];
        File.WriteAllBytes(folder.File("f"), bytes);
        string before = FileDigest.Of(folder.File("f"));
        bytes.AsSpan(at, length).Fill(1);
        File.WriteAllBytes(folder.File("f"), bytes);
        Assert.NotEqual(before, FileDigest.Of(folder.File("f")));
    }
}
