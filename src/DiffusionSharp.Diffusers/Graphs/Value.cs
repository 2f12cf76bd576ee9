namespace DiffusionSharp.Diffusers.Graphs;

/// <summary>A tensor in a graph. The operators on it are in the files beside this one, as extensions.</summary>
/// <param name="Graph">The graph that it is in.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Channels">How many channels it has, so that the weights that meet it can be checked; 0 where that means nothing.</param>
internal readonly record struct Value(Graph Graph, string Name, int Channels)
{
    public static Value operator +(Value left, Value right) => left.Node("Add", right);

    public static Value operator +(Value left, float right) => left.Node("Add", left.Graph.Scalar(right));

    public static Value operator -(Value left, Value right) => left.Node("Sub", right);

    public static Value operator *(Value left, Value right) => left.Node("Mul", right);

    public static Value operator *(Value left, float right) => left.Node("Mul", left.Graph.Scalar(right));

    public static Value operator /(Value left, Value right) => left.Node("Div", right);

    public Value Sqrt() => Graph.Node("Sqrt", Channels, [this]);

    public Value Cast(ElementType type) => Graph.Node("Cast", Channels, [this], ("to", (long)type));

    /// <summary>Its shape, a vector of whole numbers.</summary>
    public Value Shape() => Graph.Node("Shape", 0, [this]);

    /// <summary>One extent, as a vector of one whole number.</summary>
    public Value Extent(int axis) => Graph.Node("Shape", 0, [this], ("start", axis), ("end", axis + 1));

    private Value Node(string operation, Value right) => Graph.Node(operation, Channels, [this, right]);
}
