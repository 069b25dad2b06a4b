using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ColbertOnnx.Native.Operators;

/// <summary>Lays the keys and values of a head as <see cref="AttentionTile"/> reads them, in panels.</summary>
internal static unsafe class AttentionPacking
{
    /// <summary>Elements of keys that are read before they are laid out.</summary>
    public const int ReadAtOnce = 4096;

    private const int Panel = AttentionTile.Panel;

    /// <summary>Panels of keys, each [headSize, Panel]; behind the last key stand zeros.</summary>
    /// <param name="keys">All of them.</param>
    /// <param name="row">The first one's.</param>
    /// <param name="column">Where the head begins.</param>
    /// <param name="count">How many keys.</param>
    /// <param name="headSize">Of the head.</param>
    /// <param name="to">The panels.</param>
    /// <param name="between">Memory for <see cref="ReadAtOnce"/> elements and a row, and for five rows at least.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Keys(in HeadRows keys, long row, int column, int count, int headSize, float* to, float* between)
    {
        int padded = (count + Panel - 1) / Panel * Panel;
        // As many at once as there is memory for.
        int read = Math.Max(4, Math.Min(Panel, ReadAtOnce / Math.Max(1, headSize)) / 4 * 4);
        int apart = keys.IsScaled ? headSize : keys.Columns;
        float* none = between + (read * headSize);
        new Span<float>(none, headSize).Clear();
        for (int key = 0; key < padded; key += 4)
        {
            if (keys.IsScaled && key % read == 0 && key < count)
                keys.Read(row + key, Math.Min(read, count - key), column, headSize, 1, between, headSize);
            float* at = to + ((long)(key / Panel) * Panel * headSize) + (key % Panel);
            float* first = keys.IsScaled ? between + (key % read * headSize) : keys.At(row + key, column);
            float* second = first + apart, third = second + apart, fourth = third + apart;
            if (key >= count) first = none;
            if (key + 1 >= count) second = none;
            if (key + 2 >= count) third = none;
            if (key + 3 >= count) fourth = none;
            int i = 0;
            for (; i <= headSize - 4; i += 4, at += 4 * Panel)
            {
                Vector128<float> a = Vector128.Load(first + i), b = Vector128.Load(second + i);
                Vector128<float> c = Vector128.Load(third + i), d = Vector128.Load(fourth + i);
                Vector128<float> low = Sse.UnpackLow(a, b), high = Sse.UnpackHigh(a, b);
                Vector128<float> low2 = Sse.UnpackLow(c, d), high2 = Sse.UnpackHigh(c, d);
                Sse.MoveLowToHigh(low, low2).Store(at);
                Sse.MoveHighToLow(low2, low).Store(at + Panel);
                Sse.MoveLowToHigh(high, high2).Store(at + (2 * Panel));
                Sse.MoveHighToLow(high2, high).Store(at + (3 * Panel));
            }

            for (; i < headSize; i++, at += Panel) Vector128.Create(first[i], second[i], third[i], fourth[i]).Store(at);
        }
    }

    /// <summary>Panels of elements, each [keys, Panel]; behind the last element stand zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Values(in HeadRows values, long row, int column, int count, int headSize, float* to)
    {
        for (int panel = 0; panel < headSize; panel += Panel)
        {
            int some = Math.Min(Panel, headSize - panel);
            values.Read(row, count, column + panel, some, 1, to, Panel);
            for (int key = 0; some < Panel && key < count; key++) new Span<float>(to + (key * Panel) + some, Panel - some).Clear();
            to += count * Panel;
        }
    }
}
