using ColbertOnnx.IO;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Tests.Runtime;

/// <summary>Every byte of packed weights is compared before a row leaves.</summary>
public sealed class PackedSessionTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.37)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(1)]
    public void A_single_byte_that_changed_in_the_data_gives_the_right_rows_at_once_and_a_new_entry(double place)
    {
        using PackedModel model = new("embedded");
        float[] plain = model.PlainRows();
        model.Rows();
        byte[] whole = File.ReadAllBytes(model.Data);
        using (FileStream data = File.OpenWrite(model.Data))
        {
            data.Position = (long)((whole.Length - 1) * place);
            data.WriteByte((byte)(whole[data.Position] ^ 255));
        }

        using (SharedSession session = SharedSession.Open(model.Graph, null, model.Cache, 2))
            Assert.Equal(plain, PackedModel.Rows(session));
        Assert.Equal(whole, File.ReadAllBytes(model.Data));
    }

    [Fact]
    public void Many_lanes_at_once_over_damaged_weights_give_the_right_rows()
    {
        using PackedModel model = new("bert-base");
        float[] plain = model.PlainRows();
        model.Rows();
        model.Damage();
        using SharedSession session = SharedSession.Open(model.Graph, null, model.Cache, 2);
        Parallel.For(
            0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ => Assert.Equal(plain, PackedModel.Rows(session.ForSingleText())));
    }

    [Fact]
    public void Where_the_entry_cannot_be_made_again_the_model_s_own_file_gives_the_rows()
    {
        using PackedModel model = new("bert-base");
        float[] plain = model.PlainRows();
        model.Rows();
        model.Damage();
        File.WriteAllText(Path.Combine(model.CacheFolder, ".try-" + Path.GetFileName(model.Entry)), "packed weights being made\n");
        using SharedSession session = SharedSession.Open(model.Graph, null, model.Cache, 2);
        Assert.Equal(plain, PackedModel.Rows(session));
        Assert.Equal(plain, PackedModel.Rows(session));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(262_143)]
    [InlineData(262_145)]
    [InlineData(700_003)]
    public void Each_byte_counts_in_a_file_s_sum(int length)
    {
        using TemporaryFolder folder = new();
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var sums = new HashSet<string> { Sum() };
        int[] places = length == 0 ? [] : [.. ((int[])[0, 7, 8, 16, 24, length / 2, length - 1]).Where(at => at < length).Distinct()];
        foreach (int at in places)
        {
            bytes[at] ^= 1;
            sums.Add(Sum());
            bytes[at] ^= 1;
        }

        Assert.Equal(places.Length + 1, sums.Count);
        Assert.Contains(Sum(), sums);

        string Sum()
        {
            File.WriteAllBytes(folder.File("f"), bytes);
            return FileSum.Of(folder.File("f"));
        }
    }
}
