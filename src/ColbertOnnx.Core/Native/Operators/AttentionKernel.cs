using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ColbertOnnx.Native.Operators;

/// <summary>
/// softmax(q k' x scale) v for one text and one head of keys, with AVX-512. Keys that the mask hides in front of the first seen one and
/// behind the last are left out; others get the weight 0, so a row's bits depend on its text alone. A row that sees no key becomes zeros,
/// and one whose scores are NaN gives NaN, as in ONNX Runtime.
/// </summary>
internal static unsafe class AttentionKernel
{
    /// <summary>The largest head size.</summary>
    public const int LargestHeadSize = Block;

    // Keys between two looks at the largest score so far; a row's scores of a block stay in the first cache.
    private const int Block = 512;
    private const int Rows = AttentionTile.Rows, Panel = AttentionTile.Panel, Stride = AttentionTile.Stride;

    private static int Lanes => Vector512<float>.Count;

    /// <summary>Floats of memory for texts of this many tokens.</summary>
    public static int Scratch(int tokens, int headSize) =>
        checked((Padded(tokens) * headSize) + (tokens * Padded(headSize)) + (2 * Rows * (Stride + Apart(headSize))) + (2 * tokens) + Lanes);

    /// <param name="call">What is asked for.</param>
    /// <param name="text">Which text.</param>
    /// <param name="keyHead">Which head of keys.</param>
    /// <param name="scratch">Memory, at a multiple of a vector.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in AttentionCall call, int text, int keyHead, float* scratch)
    {
        int headSize = call.HeadSize, shared = call.Settings.Heads / call.Settings.KeyHeads;
        long first = (long)text * call.Length;
        var keys = new KeyRange(call.Mask == null ? null : call.Mask + first, call.Length);
        var room = new Room(scratch, keys.Count, headSize);
        AttentionPacking.Keys(call.Keys, first + keys.From, keyHead * headSize, keys.Count, headSize, room.Keys, room.Scores);
        AttentionPacking.Values(call.Values, first + keys.From, keyHead * headSize, keys.Count, headSize, room.Values);
        if (keys.HasHoles) keys.Fill(room.Hidden, room.Seen);
        for (int head = keyHead * shared; head < (keyHead + 1) * shared; head++)
        {
            // From the first key on by twelves, so that what stands in front of a text changes nothing.
            for (int row = 0, rows; row < call.Length; row += rows)
            {
                rows = Math.Min(Rows, (row < keys.From ? keys.From : call.Length) - row);
                Attend(in call, in keys, in room, first, row, rows, head * headSize);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Attend(in AttentionCall call, in KeyRange keys, in Room room, long text, int row, int rows, int column)
    {
        int headSize = call.HeadSize, apart = Apart(headSize);
        bool seesAll = call.Settings.SeesAll;
        int low = 0, high = keys.Count;
        if (!seesAll) (low, high) = (keys.Low(row, call.Settings.Before), keys.High(row + rows - 1, call.Settings.After));
        float* queries = room.Queries, packed = room.Keys, values = room.Values, scores = room.Scores;
        float* sums = room.Sums, before = room.Before;
        float* largest = stackalloc float[Rows], newest = stackalloc float[Rows];
        float* total = stackalloc float[Rows], fade = stackalloc float[Rows];
        Queries(in call.Queries, text + row, rows, column, headSize, call.Settings.Scale, queries);
        for (int r = 0; r < rows; r++) (largest[r], total[r]) = (float.NegativeInfinity, 0);
        int start = low / Panel * Panel;
        for (int key = start; key < high; key += Block)
        {
            int count = Math.Min(Block, high - key), padded = Padded(count);
            for (int at = 0; at < padded; at += Panel)
                AttentionTile.Run(rows, queries, packed + ((long)(key + at) * headSize), headSize, scores + at, Stride);
            for (int r = 0; r < rows; r++)
            {
                float* one = scores + (r * Stride);
                int least = 0, most = count;
                if (!seesAll)
                {
                    least = Math.Clamp(keys.Low(row + r, call.Settings.Before) - key, 0, count);
                    most = Math.Clamp(keys.High(row + r, call.Settings.After) - key, 0, count);
                }

                if (least > 0) Hide(one, 0, least);
                if (most < padded) Hide(one, most, padded);
                if (keys.HasHoles) Add(room.Hidden + key, count, one);
            }

            // All largest scores first: nothing waits for the end of a reduction.
            Largest(scores, rows, padded, largest, newest);
            for (int r = 0; r < rows; r++)
            {
                bool isSame = key == start || newest[r] == largest[r];
                fade[r] = isSame ? 1 : PowerOfTwo(Vector512.CreateScalar(largest[r] - newest[r])).ToScalar();
                (largest[r], total[r]) = (newest[r], total[r] * fade[r]);
            }

            Weights(scores, rows, padded, largest, total);
            int hidden = Math.Max(0, low - key);
            for (int panel = 0; panel < apart - Lanes; panel += Panel)
            {
                float* first = values + ((long)panel * keys.Count) + ((long)(key + hidden) * Panel);
                AttentionTile.Run(rows, scores + hidden, first, count - hidden, sums + panel, apart);
            }

            if (key > start) Continue(sums, before, fade, rows, apart);
            float* done = sums;
            sums = before;
            before = done;
        }

        for (int r = 0; r < rows; r++)
        {
            float* result = call.Results.At(text + row + r, column);
            bool isAny = (seesAll && !keys.HasHoles && keys.Count > 0) || keys.Sees(row + r, call.Settings, room.Seen);
            if (isAny) Divide(before + (r * apart), total[r], result, headSize);
            else new Span<float>(result, headSize).Clear();
        }
    }

    // Times the scale and the logarithm of e: two to the power of what comes of it is what exp would be. Rows that a tile has more are
    // zeros.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Queries(in HeadRows from, long row, int rows, int column, int headSize, float scale, float* to)
    {
        float factor = (scale == 0 ? 1 / MathF.Sqrt(headSize) : scale) * 1.44269504f;
        from.Read(row, rows, column, headSize, factor, to, Stride);
        for (int r = rows; r % 4 != 0; r++) new Span<float>(to + (r * Stride), headSize).Clear();
    }

    // By whole vectors: what is read next as such would wait for stores of single elements.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Hide(float* scores, int from, int to)
    {
        for (int i = from / Lanes * Lanes; i < to; i += Lanes)
        {
            Vector512<int> places = Vector512<int>.Indices + Vector512.Create(i);
            Vector512<int> isBehind = Vector512.GreaterThanOrEqual(places, Vector512.Create(from));
            Vector512<float> isHidden = (isBehind & Vector512.LessThan(places, Vector512.Create(to))).AsSingle();
            Vector512<float> none = Vector512.Create(float.NegativeInfinity);
            Vector512.ConditionalSelect(isHidden, none, Vector512.Load(scores + i)).Store(scores + i);
        }
    }

    private static void Add(float* hidden, int count, float* scores)
    {
        for (int i = 0; i < count; i++) scores[i] += hidden[i];
    }

    // Of each row and of what was the largest before.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Largest(float* scores, int rows, int count, float* before, float* largest)
    {
        for (int r = 0; r < rows; r++, scores += Stride)
        {
            Vector512<float> first = Vector512.Create(before[r]), second = first;
            for (int i = 0; i < count; i += Panel)
            {
                first = Vector512.MaxNative(first, Vector512.Load(scores + i));
                second = Vector512.MaxNative(second, Vector512.Load(scores + i + Lanes));
            }

            first = Vector512.MaxNative(first, second);
            Vector256<float> half = Vector256.MaxNative(first.GetLower(), first.GetUpper());
            Vector128<float> quarter = Vector128.MaxNative(half.GetLower(), half.GetUpper());
            quarter = Vector128.MaxNative(quarter, Vector128.Shuffle(quarter, Vector128.Create(2, 3, 0, 1)));
            largest[r] = Vector128.MaxNative(quarter, Vector128.Shuffle(quarter, Vector128.Create(1, 0, 3, 2))).ToScalar();
        }
    }

    // Scores become two to the power of them less the largest so far, and their sum is added up. Where no key was seen yet there is no
    // largest, and all become 0.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Weights(float* scores, int rows, int count, float* largest, float* total)
    {
        for (int r = 0; r < rows; r++, scores += Stride)
        {
            Vector512<float> most = Vector512.Create(float.IsNegativeInfinity(largest[r]) ? 0 : largest[r]);
            Vector512<float> first = default, second = default;
            for (int i = 0; i < count; i += Panel)
            {
                Vector512<float> a = PowerOfTwo(Vector512.Load(scores + i) - most);
                Vector512<float> b = PowerOfTwo(Vector512.Load(scores + i + Lanes) - most);
                a.Store(scores + i);
                b.Store(scores + i + Lanes);
                (first, second) = (first + a, second + b);
            }

            total[r] += Vector512.Sum(first + second);
        }
    }

    // Of what is not above 0, within 1.5e-7 of the value: 2^floor(x) times the power of the rest, a polynomial of degree 5 whose largest
    // relative error is the least. Of minus infinity the rest is 0 and the scale 0; NaN is passed on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> PowerOfTwo(Vector512<float> x)
    {
        const byte FromFloor = 1;
        Vector512<float> f = Avx512DQ.Reduce(x, FromFloor);
        Vector512<float> p = Vector512.Create(0.0018775767f);
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.00898933969f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.0558263175f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.240153611f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.693153024f));
        return Avx512F.Scale(Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.99999994f)), x);
    }

    // With a larger score than before what stands there so far weighs less.
    private static void Continue(float* sums, float* before, float* fade, int rows, int apart)
    {
        for (int r = 0; r < rows; r++)
        {
            for (int i = r * apart; i < ((r + 1) * apart) - Lanes; i += Lanes)
                (Vector512.Load(sums + i) + (Vector512.Load(before + i) * Vector512.Create(fade[r]))).Store(sums + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Divide(float* sums, float total, float* result, int headSize)
    {
        float factor = 1 / total;
        int i = 0;
        for (; i <= headSize - Lanes; i += Lanes) (Vector512.Load(sums + i) * Vector512.Create(factor)).Store(result + i);
        for (; i < headSize; i++) result[i] = sums[i] * factor;
    }

    private static int Padded(int columns) => (columns + Panel - 1) / Panel * Panel;

    // Of the rows of sums: whole panels, and no power of two.
    private static int Apart(int headSize) => Padded(headSize) + Lanes;

    // The memory of a call, laid out.
    private readonly struct Room
    {
        public readonly float* Keys, Values, Scores, Queries, Sums, Before, Hidden;
        public readonly int* Seen;

        public Room(float* scratch, int keys, int headSize)
        {
            Keys = scratch;
            Values = Keys + ((long)Padded(keys) * headSize);
            Scores = Values + ((long)keys * Padded(headSize));
            Queries = Scores + (Rows * Stride);
            Sums = Queries + (Rows * Stride);
            Before = Sums + (Rows * Apart(headSize));
            Hidden = Before + (Rows * Apart(headSize));
            Seen = (int*)(Hidden + keys);
        }
    }
}
