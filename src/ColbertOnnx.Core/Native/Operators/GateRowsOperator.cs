using System.Buffers;
using System.Runtime.InteropServices;

namespace ColbertOnnx.Native.Operators;

/// <summary>
/// GateRows(x float [rows, columns], other float [rows, columns], scales [rows, 1] of both, bias [columns] or none, other's bias [columns]
/// or none) gives bytes u8 [rows, columns] and their scales float [rows, 1]: of GELU of the one times the other.
/// </summary>
internal readonly unsafe struct GateRowsOperator : IRowOperator
{
    public static OrtCustomOp Describe() => QuantizeRowsOperator.Describe() with
    {
        GetName = &Name,
        GetInputTypeCount = &Inputs,
        GetInputCharacteristic = OrtRowOperators.FirstThree,
        KernelComputeV2 = &Compute,
    };

    [UnmanagedCallersOnly]
    private static byte* Name(OrtCustomOp* op) => OrtRowOperators.Text("GateRows\0"u8);

    [UnmanagedCallersOnly]
    private static nuint Inputs(OrtCustomOp* op) => 5;

    [UnmanagedCallersOnly]
    private static nint Compute(void* kernel, nint context) => OrtRowOperators.Guard<GateRowsOperator>(kernel, context);

    public static nint Run<S, V>(void* kernel, nint context)
        where S : struct, ISimd<V>
        where V : struct
    {
        OrtLibrary library = OrtLibrary.Loaded;
        nint status = library.GetInput(context, 0, out OrtMatrix values);
        if (status != 0) return status;
        if ((status = library.GetInput(context, 1, out OrtMatrix others)) != 0) return status;
        if ((status = library.GetInput(context, 2, out OrtMatrix scales)) != 0) return status;
        if ((status = library.GetInput(context, 3, out OrtMatrix bias)) != 0) return status;
        if ((status = library.GetInput(context, 4, out OrtMatrix othersBias)) != 0) return status;
        if (scales.Count != values.Rows || others.Rows != values.Rows || others.Columns != values.Columns || !bias.IsNoneOr(values.Columns)
            || !othersBias.IsNoneOr(values.Columns))
            return library.Refuse("GateRows wants two matrices of the same shape, a scale for each row, and a bias for each column.\0"u8);
        if ((status = library.GetOutput(context, 0, values.Rows, values.Columns, out OrtMatrix bytes)) != 0) return status;
        if ((status = library.GetOutput(context, 1, values.Rows, 1, out OrtMatrix newScales)) != 0) return status;
        ReadOnlySpan<float> eachScale = scales.All<float>();
        Span<float> eachNewScale = newScales.All<float>();
        float[] rented = ArrayPool<float>.Shared.Rent(2 * values.Columns);
        Span<float> row = rented.AsSpan(0, values.Columns), zeros = rented.AsSpan(values.Columns, values.Columns);
        zeros.Clear();
        ReadOnlySpan<float> columns = bias.IsThere ? bias.All<float>() : zeros,
            othersColumns = othersBias.IsThere ? othersBias.All<float>() : zeros;
        ref readonly RowQuantization how = ref *(RowQuantization*)kernel;
        for (int i = 0; i < values.Rows; i++)
            eachNewScale[i] = GeluKernel<S, V>.RunGated(
                values.Row<float>(i), columns, others.Row<float>(i), othersColumns, eachScale[i], in how, row, bytes.Row<byte>(i));
        ArrayPool<float>.Shared.Return(rented);
        return 0;
    }
}
