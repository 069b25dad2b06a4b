using System.Runtime.InteropServices;

namespace ColbertOnnx.Native.Operators;

/// <summary>
/// ScaleRows(x float [rows, columns], steps [rows, 1], bias [columns] or none, other [rows, columns] or none, sums [columns] or none) gives float [rows, columns].
/// With sums, which are those of the matrix's columns, the steps are [rows, 2]: each row of bytes had a zero point of its own.
/// The other may have more sides, or one row for all, or many for the one of x: they are spread over each other as Add does it.
/// </summary>
internal readonly unsafe struct ScaleRowsOperator : IRowOperator
{
    public static OrtCustomOp Describe() => OrtRowOperators.Common() with
    {
        GetName = &Name,
        GetInputTypeCount = &Inputs,
        GetOutputTypeCount = &Outputs,
        GetInputCharacteristic = &FirstTwoRequired,
        GetMayInplace = &FirstInPlace,
        CreateKernelV2 = &Create,
        KernelComputeV2 = &Compute,
    };

    [UnmanagedCallersOnly]
    private static byte* Name(OrtCustomOp* op) => OrtRowOperators.Text("ScaleRows\0"u8);

    [UnmanagedCallersOnly]
    private static nuint Inputs(OrtCustomOp* op) => 5;

    [UnmanagedCallersOnly]
    private static nuint Outputs(OrtCustomOp* op) => 1;

    [UnmanagedCallersOnly]
    private static int FirstTwoRequired(OrtCustomOp* op, nuint index) => index < 2 ? OrtRowOperators.Required : OrtRowOperators.Optional;

    // The result may take the memory of the first input.
    [UnmanagedCallersOnly]
    private static nuint FirstInPlace(int** inputs, int** outputs)
    {
        *inputs = *outputs = null;
        try
        {
            *inputs = (int*)NativeMemory.AllocZeroed(sizeof(int));
            *outputs = (int*)NativeMemory.AllocZeroed(sizeof(int));
            return 1;
        }
        catch (OutOfMemoryException)
        {
            NativeMemory.Free(*inputs);
            *inputs = null;
            return 0; // it goes without
        }
    }

    // It has no attributes, and the library wants something to give back.
    [UnmanagedCallersOnly]
    private static nint Create(OrtCustomOp* op, nint api, nint info, void** kernel) => OrtRowOperators.Guard(&Make, kernel, info);

    private static nint Make(void* kernel, nint info)
    {
        *(void**)kernel = NativeMemory.Alloc(1);
        return 0;
    }

    [UnmanagedCallersOnly]
    private static nint Compute(void* kernel, nint context) => OrtRowOperators.Guard<ScaleRowsOperator>(kernel, context);

    public static nint Run<S, V>(void* kernel, nint context)
        where S : struct, ILanes<V>
        where V : struct
    {
        OrtLibrary library = OrtLibrary.Loaded;
        nint status = library.GetInput(context, 0, out OrtMatrix values);
        if (status != 0) return status;
        if ((status = library.GetInput(context, 1, out OrtMatrix steps)) != 0) return status;
        if ((status = library.GetInput(context, 2, out OrtMatrix bias)) != 0) return status;
        Span<long> sides = stackalloc long[OrtLibrary.LargestRank];
        if ((status = library.GetInput(context, 3, sides, out int rank, out OrtMatrix other)) != 0) return status;
        if ((status = library.GetInput(context, 4, out OrtMatrix sums)) != 0) return status;
        if (rank < 2) (sides[0], sides[1], rank) = (other.IsThere ? 1 : values.Rows, values.Columns, 2);
        Span<long> all = sides[..rank];
        long othersRows = all[^2];
        if (steps.Count != values.Rows * (sums.IsThere ? 2 : 1) || !bias.IsNoneOr(values.Columns) || !sums.IsNoneOr(values.Columns)
            || (other.IsThere && (other.Columns != values.Columns || (othersRows != values.Rows && othersRows != 1 && values.Rows != 1))))
            return library.Refuse("ScaleRows wants a step for each row, a bias for each column, and other rows as long and as many.\0"u8);
        if (othersRows == 1) all[^2] = values.Rows;
        int rows = (int)all[^2]; // of each matrix, where the other has more sides
        if ((status = library.GetOutput(context, 0, all, out OrtMatrix result)) != 0) return status;
        ReadOnlySpan<float> eachStep = steps.All<float>(), columns = bias.All<float>(), eachSum = sums.All<float>();
        float[]? zeros = sums.IsThere && !bias.IsThere ? new float[values.Columns] : null;
        for (int i = 0; i < result.Rows; i++)
        {
            int row = values.Rows == 1 ? 0 : i % rows, othersRow = othersRows == 1 ? i / rows : i;
            ReadOnlySpan<float> more = other.IsThere ? other.Row<float>(othersRow) : [];
            if (sums.IsThere) ScaleKernel<S, V>.Run(values.Row<float>(row), eachStep[2 * row], zeros ?? columns, eachStep[(2 * row) + 1], eachSum, more, result.Row<float>(i));
            else RowKernels.Scale(values.Row<float>(row), eachStep[row], columns, more, result.Row<float>(i));
        }

        return 0;
    }
}
