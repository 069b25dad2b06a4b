namespace ColbertOnnx.Diagnostics.Parity.References;

/// <summary>Values that come one by one; grows, and is used again.</summary>
internal sealed class FloatBuffer
{
    private float[] values = new float[4096];

    public int Count { get; private set; }

    public void Add(float value)
    {
        if (Count == values.Length) Array.Resize(ref values, values.Length * 2);
        values[Count++] = value;
    }

    public void Clear() => Count = 0;

    public float[] ToArray() => values.AsSpan(0, Count).ToArray();
}
