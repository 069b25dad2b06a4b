namespace ColbertOnnx.Native;

/// <summary>
/// SIMD vectors of one width; the JIT makes a kernel of its own of each. NaN goes through <see cref="Max"/> where it is the second, on
/// every CPU.
/// </summary>
internal interface ISimd<V>
    where V : struct
{
    static abstract int Count { get; }

    static abstract V Create(float value);

    static abstract V Load(ref float from, int at);

    /// <summary>The same with an index that needs no extension of its sign.</summary>
    static abstract V Load(ref readonly float from, nuint at);

    static abstract void Store(V value, ref float to, int at);

    static abstract V Add(V a, V b);

    static abstract V Subtract(V a, V b);

    static abstract V Multiply(V a, V b);

    /// <summary>a b + c, with one rounding where the CPU has that.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    static abstract V Max(V a, V b);

    static abstract V Min(V a, V b);

    static abstract V Abs(V a);

    /// <summary>
    /// The larger of a magnitude so far and the magnitude of a value. As integers magnitudes have the same order, and NaN is above
    /// all others: it is not passed over.
    /// </summary>
    static abstract V LargerMagnitude(V largest, V value);

    /// <summary>
    /// The larger of a value from 0 on so far and a value. What is below 0 is below that as an integer too, and NaN without a sign is
    /// above all.
    /// </summary>
    static abstract V Larger(V largest, V value);

    /// <summary>
    /// The smaller of a value up to -0 so far and a value: as unsigned integers those below 0 are above all others, and NaN
    /// with a sign is above them.
    /// </summary>
    static abstract V Smaller(V smallest, V value);

    static abstract float Sum(V a);

    /// <summary>Of magnitudes, or of what <see cref="Larger"/> gives.</summary>
    static abstract float Largest(V a);

    /// <summary>Of what <see cref="Smaller"/> gives.</summary>
    static abstract float Smallest(V a);

    /// <summary>In each element: where value is greater than best, best becomes value and place becomes number.</summary>
    static abstract void Improve(V value, V number, ref V best, ref V place);

    /// <summary>
    /// Elements of four vectors, rounded to even, plus the zero point, as bytes; what is outside becomes the nearest byte.
    /// </summary>
    static abstract void StoreBytes(V a, V b, V c, V d, int zero, ref byte to, int at);
}
