namespace ColbertOnnx.Native;

internal sealed unsafe partial class OrtLibrary
{
    /// <summary>Which provider got which nodes; the session was created with <c>session.record_ep_graph_assignment_info</c>.</summary>
    /// <remarks>
    /// OrtStatus* Session_GetEpGraphAssignmentInfo(const OrtSession*, const OrtEpAssignedSubgraph* const** out, size_t*); then of each
    /// piece EpAssignedSubgraph_GetEpName(piece, const char**) and EpAssignedSubgraph_GetNodes(piece, const OrtEpAssignedNode* const**,
    /// size_t*). All of it belongs to the session.
    /// </remarks>
    public OrtAssignedNodes[] GetAssignment(nint session)
    {
        nint* pieces;
        nuint count;
        Check(((delegate* unmanaged<nint, nint**, nuint*, nint>)table[(int)OrtFunction.Session_GetEpGraphAssignmentInfo])(
            session, &pieces, &count));
        var assigned = new OrtAssignedNodes[(int)count];
        for (int i = 0; i < assigned.Length; i++)
        {
            nint name;
            nint* nodes;
            nuint nodeCount;
            Check(((delegate* unmanaged<nint, nint*, nint>)table[(int)OrtFunction.EpAssignedSubgraph_GetEpName])(pieces[i], &name));
            Check(((delegate* unmanaged<nint, nint**, nuint*, nint>)table[(int)OrtFunction.EpAssignedSubgraph_GetNodes])(
                pieces[i], &nodes, &nodeCount));
            string[] operators = new string[(int)nodeCount];
            for (int k = 0; k < operators.Length; k++)
            {
                nint text;
                Check(((delegate* unmanaged<nint, nint*, nint>)table[(int)OrtFunction.EpAssignedNode_GetOperatorType])(nodes[k], &text));
                operators[k] = NativeText.Read(text);
            }

            assigned[i] = new OrtAssignedNodes(NativeText.Read(name), operators);
        }

        return assigned;
    }
}
