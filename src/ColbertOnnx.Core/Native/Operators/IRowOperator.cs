namespace ColbertOnnx.Native.Operators;

/// <summary>What an operator does in a <c>Run</c>, at any width of vectors.</summary>
internal unsafe interface IRowOperator
{
    static abstract nint Run<S, V>(void* kernel, nint context)
        where S : struct, ISimd<V>
        where V : struct;
}
