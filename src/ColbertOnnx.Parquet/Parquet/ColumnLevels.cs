using ParquetSharp;
using ParquetSharp.Schema;

namespace ColbertOnnx.Parquet;

/// <summary>
/// What the definition levels of a column mean. A level counts how many of the optional and repeated nodes on the way to a value are there:
/// for each list on the way, from which level on the list is there, and from which one it has an item.
/// </summary>
internal sealed class ColumnLevels
{
    private readonly List<(short List, short Item)> lists = [];

    public ColumnLevels(ColumnDescriptor column)
    {
        Most = column.MaxDefinitionLevel;
        List<Repetition> way = [];
        Node? node = column.SchemaNode;
        while (node is not null)
        {
            way.Add(node.Repetition);
            Node? parent = node.Parent;
            node.Dispose();
            node = parent;
        }

        // The last is the schema's own root, which is not a level.
        short level = 0;
        foreach (Repetition repetition in way.SkipLast(1).Reverse())
        {
            if (repetition == Repetition.Repeated) lists.Add((level, (short)(level + 1)));
            if (repetition != Repetition.Required) level++;
        }
    }

    /// <summary>The level of a value that is there.</summary>
    public short Most { get; }

    /// <summary>How many lists lie one in the other.</summary>
    public int Depth => lists.Count;

    /// <summary>From this level on the list is there, empty or not.</summary>
    public short List(int depth) => lists[depth].List;

    /// <summary>From this level on it has an item.</summary>
    public short Item(int depth) => lists[depth].Item;
}
