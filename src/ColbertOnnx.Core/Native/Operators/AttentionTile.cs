using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ColbertOnnx.Native.Operators;

/// <summary>
/// A product of some rows and a panel of two vectors' columns, whose sums stay in registers: 24 of the 32 that AVX-512 has. Both products
/// of attention are made of it. An element's sum has one order, whatever rows are beside its own.
/// </summary>
internal static unsafe class AttentionTile
{
    /// <summary>Most rows of a tile.</summary>
    public const int Rows = 12;

    /// <summary>Columns of a panel.</summary>
    public const int Panel = 32;

    /// <summary>
    /// Elements from one row on the left to the next. A constant: the compiler folds twelve rows into one register's displacements. No
    /// power of two: rows would share sets of the first cache.
    /// </summary>
    public const int Stride = 528;

    /// <summary>Rows beyond those that are asked for are written too, to the next multiple of four.</summary>
    /// <param name="rows">How many, up to <see cref="Rows"/>.</param>
    /// <param name="a">[rows, depth], <see cref="Stride"/> apart.</param>
    /// <param name="b">[depth, Panel].</param>
    /// <param name="depth">At most as many as a row on the left has room for.</param>
    /// <param name="c">[rows, Panel], the result.</param>
    /// <param name="apart">Elements from one of its rows to the next.</param>
    public static void Run(int rows, float* a, float* b, int depth, float* c, int apart)
    {
        if (rows > 8)
        {
            Run<Twelve>(a, b, depth, c, apart);
            return;
        }

        Run<Four>(a, b, depth, c, apart);
        if (rows > 4) Run<Four>(a + (4 * Stride), b, depth, c + (4 * apart), apart);
    }

    // One of eight rows would take the compiler longer than it saves. The sums are locals, one by one: those of an array, a struct or by
    // reference would not stay in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<R>(float* a, float* b, int depth, float* c, int apart)
        where R : struct, IRows
    {
        Vector512<float> c0a = default, c0b = default, c1a = default, c1b = default;
        Vector512<float> c2a = default, c2b = default, c3a = default, c3b = default;
        Vector512<float> c4a = default, c4b = default, c5a = default, c5b = default;
        Vector512<float> c6a = default, c6b = default, c7a = default, c7b = default;
        Vector512<float> c8a = default, c8b = default, c9a = default, c9b = default;
        Vector512<float> c10a = default, c10b = default, c11a = default, c11b = default;
        for (float* end = a + depth; a < end; a++)
        {
            Vector512<float> b0 = Vector512.Load(b), b1 = Vector512.Load(b + Vector512<float>.Count), x;
            b += Panel;
            x = Vector512.Create(a[0 * Stride]);
            (c0a, c0b) = (Add(x, b0, c0a), Add(x, b1, c0b));
            x = Vector512.Create(a[1 * Stride]);
            (c1a, c1b) = (Add(x, b0, c1a), Add(x, b1, c1b));
            x = Vector512.Create(a[2 * Stride]);
            (c2a, c2b) = (Add(x, b0, c2a), Add(x, b1, c2b));
            x = Vector512.Create(a[3 * Stride]);
            (c3a, c3b) = (Add(x, b0, c3a), Add(x, b1, c3b));
            if (R.Count == 4) continue;
            x = Vector512.Create(a[4 * Stride]);
            (c4a, c4b) = (Add(x, b0, c4a), Add(x, b1, c4b));
            x = Vector512.Create(a[5 * Stride]);
            (c5a, c5b) = (Add(x, b0, c5a), Add(x, b1, c5b));
            x = Vector512.Create(a[6 * Stride]);
            (c6a, c6b) = (Add(x, b0, c6a), Add(x, b1, c6b));
            x = Vector512.Create(a[7 * Stride]);
            (c7a, c7b) = (Add(x, b0, c7a), Add(x, b1, c7b));
            x = Vector512.Create(a[8 * Stride]);
            (c8a, c8b) = (Add(x, b0, c8a), Add(x, b1, c8b));
            x = Vector512.Create(a[9 * Stride]);
            (c9a, c9b) = (Add(x, b0, c9a), Add(x, b1, c9b));
            x = Vector512.Create(a[10 * Stride]);
            (c10a, c10b) = (Add(x, b0, c10a), Add(x, b1, c10b));
            x = Vector512.Create(a[11 * Stride]);
            (c11a, c11b) = (Add(x, b0, c11a), Add(x, b1, c11b));
        }

        Store(c0a, c0b, c);
        Store(c1a, c1b, c += apart);
        Store(c2a, c2b, c += apart);
        Store(c3a, c3b, c += apart);
        if (R.Count == 4) return;
        Store(c4a, c4b, c += apart);
        Store(c5a, c5b, c += apart);
        Store(c6a, c6b, c += apart);
        Store(c7a, c7b, c += apart);
        Store(c8a, c8b, c += apart);
        Store(c9a, c9b, c += apart);
        Store(c10a, c10b, c += apart);
        Store(c11a, c11b, c + apart);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Add(Vector512<float> x, Vector512<float> y, Vector512<float> sum) =>
        Vector512.FusedMultiplyAdd(x, y, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> first, Vector512<float> second, float* to)
    {
        first.Store(to);
        second.Store(to + Vector512<float>.Count);
    }

    private interface IRows
    {
        static abstract int Count { get; }
    }

    private readonly struct Twelve : IRows
    {
        public static int Count => 12;
    }

    private readonly struct Four : IRows
    {
        public static int Count => 4;
    }
}
