namespace ColbertOnnx.Scoring;

/// <summary>The few operations that the MaxSim kernel needs, for one width of vector.</summary>
internal interface ISimd<TVector>
    where TVector : struct
{
    static abstract int Count { get; }

    static abstract TVector Load(ref readonly float source, nuint index);

    static abstract void Store(TVector vector, ref float target, nuint index);

    static abstract TVector Create(float value);

    /// <summary>a x b + c, fused where the CPU can.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>In each lane: where value is greater than best, best becomes value and row becomes number.</summary>
    static abstract void Improve(TVector value, TVector number, ref TVector best, ref TVector row);
}
