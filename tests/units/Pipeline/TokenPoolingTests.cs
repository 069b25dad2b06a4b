using System.Text.Json;
using ColbertOnnx.Pipeline;
using ColbertOnnx.Safetensors;

namespace ColbertOnnx.Tests.Pipeline;

public sealed class TokenPoolingTests(ITestOutputHelper output)
{
    private static readonly SafetensorsFile Tensors = SafetensorsFile.Open(TestData.Path("pooling", "reference.safetensors"));
    private static readonly JsonElement[] Cases =
        [
            .. JsonDocument.Parse(File.ReadAllBytes(TestData.Path("pooling", "reference.json"))).RootElement.GetProperty("cases")
                .EnumerateArray(),
        ];

    private static bool Is(JsonElement entry, string flag) => entry.TryGetProperty(flag, out JsonElement value) && value.GetBoolean();

    private static (float[] Rows, int[] Labels) Pool(TokenPooling pooling, JsonElement entry, out int dimension)
    {
        SafetensorsTensor input = Tensors[entry.GetProperty("input").GetString()!];
        dimension = (int)input.Shape[1];
        float[] rows = Tensors.ReadSingles(input.Name);
        int factor = entry.GetProperty("pool_factor").GetInt32(), kept = entry.GetProperty("protected_tokens").GetInt32();
        float[] pooled = new float[TokenPooling.LargestCount((int)input.Shape[0], factor, kept) * dimension];
        int count = pooling.Pool(rows, dimension, factor, kept, pooled);
        return (pooled[..(count * dimension)], pooling.Labels.ToArray());
    }

    private static float Difference(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        float largest = 0;
        for (int i = 0; i < expected.Length; i++) largest = MathF.Max(largest, MathF.Abs(expected[i] - actual[i]));
        return largest;
    }

    [Fact]
    public void Rule_14_clusters_are_SciPys_and_vectors_are_PyLates_within_1e_minus_6()
    {
        var pooling = new TokenPooling();
        float largest = 0;
        int compared = 0, clustered = 0;
        foreach (JsonElement entry in Cases.Where(c => !Is(c, "ties") && !Is(c, "near_tie")))
        {
            string key = entry.GetProperty("key").GetString()!;
            var (rows, labels) = Pool(pooling, entry, out _);
            if (Tensors.Tensors.ContainsKey($"{key}.labels"))
            {
                Assert.Equal(Tensors.Read<int>($"{key}.labels"), labels);
                clustered++;
            }

            largest = MathF.Max(largest, Difference(Tensors.ReadSingles($"{key}.pooled"), rows));
            compared++;
        }

        output.WriteLine($"{compared} cases, {clustered} with clusters; largest difference {largest:e2}");
        Assert.Equal(372, compared);
        Assert.InRange(largest, 0, 1e-6f);
    }

    [Fact]
    public void Rule_14_exact_ties_follow_SciPys_order_of_work_too()
    {
        var pooling = new TokenPooling();
        int same = 0, all = 0;
        foreach (JsonElement entry in Cases.Where(c => Is(c, "ties")))
        {
            string key = entry.GetProperty("key").GetString()!;
            if (!Tensors.Tensors.ContainsKey($"{key}.labels")) continue;
            all++;
            bool equal = Pool(pooling, entry, out _).Labels.AsSpan().SequenceEqual(Tensors.Read<int>($"{key}.labels"));
            if (equal) same++;
            else output.WriteLine($"{key} {entry.GetProperty("what")} differs");
        }

        output.WriteLine($"{same} of {all} cases with exact ties have SciPy's labels");
        Assert.Equal(all, same);
    }

    [Fact]
    public void Rule_14_equal_vectors_pool_where_PyLate_fails()
    {
        var pooling = new TokenPooling();
        float largest = 0;
        JsonElement[] failing = [.. Cases.Where(c => c.TryGetProperty("expected", out _))];
        foreach (JsonElement entry in failing)
            largest = MathF.Max(
                largest,
                Difference(
                    Tensors.ReadSingles($"{entry.GetProperty("key").GetString()}.pooled_clamped"), Pool(pooling, entry, out _).Rows));
        output.WriteLine($"{failing.Length} cases; largest difference {largest:e2}");
        Assert.Equal(10, failing.Length);
        Assert.InRange(largest, 0, 1e-6f);
    }

    [Fact]
    public void Rows_that_are_no_numbers_do_not_keep_the_clustering_from_its_end()
    {
        float[] rows = [1, 0, float.NaN, 0, 0, 1, float.NaN, float.NaN];
        Assert.InRange(new TokenPooling().Pool(rows, 2, 2, 0, new float[8]), 1, 2);
    }
}
