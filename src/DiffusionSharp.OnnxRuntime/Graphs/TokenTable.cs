using DiffusionSharp.OnnxRuntime.TextualInversions;

namespace DiffusionSharp.OnnxRuntime.Graphs;

/// <summary>Finds the table in which a text encoder looks up the vectors of its tokens, and puts those of new words behind its rows.</summary>
internal static class TokenTable
{
    private const string Ids = "input_ids";
    private const string Lookup = "Gather";
    private const string Conversion = "Cast";
    private const string Rows = "vectors_of_new_words";

    // What an id may go through on its way to the table, and a table on its way to be looked up in.
    private static readonly string[] KeepsIds = [Conversion, "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity"];

    /// <summary>The model with further rows.</summary>
    /// <param name="model">The bytes of an ONNX file.</param>
    /// <param name="path">What to name in errors.</param>
    /// <param name="words">The new words, in the order of their ids.</param>
    /// <param name="tokens">How many tokens there are without them.</param>
    /// <exception cref="ModelFormatException">The file is damaged, its table is not found, or the vectors are of another model.</exception>
    public static byte[] Extended(byte[] model, string path, IReadOnlyList<NewWord> words, int tokens)
    {
        var graph = OnnxGraph.Read(model, path);
        OnnxNode lookup = graph.Nodes.FirstOrDefault(node => node.Operation == Lookup && IsIds(graph, node.Inputs[1]) && !graph.IsComputed(node.Inputs[0])) ?? throw Unknown(path);
        string table = lookup.Inputs[0];
        (IReadOnlyList<long> shape, long type) = TypeOf(graph, table) is { Shape.Count: 2 } found ? found : throw Unknown(path);
        Check(path, words, tokens, shape);

        (string rows, string longer) = ($"{Rows}.converted", $"{table}.with_new_words");
        OnnxNode[] nodes =
        [
            new(Conversion, "", [Rows], [rows], [OnnxNode.Attribute("to", type)]),
            new("Concat", "", [table, rows], [longer], [OnnxNode.Attribute("axis", 0)]),
            lookup.Renamed(input => input == table ? longer : input, output => output),
        ];
        float[] vectors = [.. words.SelectMany(word => word.Values())];
        return graph.Extended(nodes, [], [(Rows, [vectors.Length / shape[1], shape[1]], vectors)], without: lookup);
    }

    private static bool IsIds(OnnxGraph graph, string tensor) =>
        tensor == Ids || (graph.ProducerOf(tensor) is { } node && KeepsIds.Contains(node.Operation) && IsIds(graph, node.Inputs[0]));

    private static (IReadOnlyList<long> Shape, long Type)? TypeOf(OnnxGraph graph, string tensor) => (graph.WeightOf(tensor), graph.ProducerOf(tensor)) switch
    {
        ({ } weight, _) => (weight.Shape, weight.Type),
        (_, { Operation: Conversion } node) => TypeOf(graph, node.Inputs[0]) is { } below ? (below.Shape, node.WholeNumber("to") ?? below.Type) : null,
        _ => null,
    };

    private static void Check(string path, IReadOnlyList<NewWord> words, int tokens, IReadOnlyList<long> shape)
    {
        if (shape[0] != tokens)
        {
            throw new ModelFormatException(path, $"has vectors for {shape[0]} tokens, but its tokenizer has {tokens}, so that new words cannot follow them.");
        }

        foreach (NewWord word in words)
        {
            if (word.Width != shape[1])
            {
                throw new ModelFormatException(word.Vectors.Path, $"the vectors of '{word.Token}' have {word.Width} channels, but those of the model {shape[1]}: they were made for another model.");
            }
        }
    }

    private static ModelFormatException Unknown(string path) => new(
        path, $"the graph does not look up its '{Ids}' in a table of plain weights (a {Lookup}), which new words need: export it without quantizing the table.");
}
