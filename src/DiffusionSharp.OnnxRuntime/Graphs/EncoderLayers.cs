using System.Globalization;

namespace DiffusionSharp.OnnxRuntime.Graphs;

/// <summary>
/// Finds the layers of a transformer's encoder in its graph by their form, which needs no names: each layer adds twice to what came before it, what attention and what
/// the feed-forward network make of it; behind the last one there may be a norm. So every layer's state can be an output, as it is and normed.
/// </summary>
internal static class EncoderLayers
{
    /// <summary>What the outputs of states are called, before their number: 0 is the embedding, before any layer.</summary>
    public const string AsTheyAre = "hidden_states.";

    /// <summary>What the outputs of normed states are called.</summary>
    public const string Normed = "normed_hidden_states.";

    /// <summary>What the output of the state before the last layer is called.</summary>
    public const string Penultimate = "penultimate_hidden_state";

    private const string Last = "last_hidden_state";
    private const string Copy = "Identity";
    private const string Addition = "Add";

    /// <summary>The model with an output for each state, as it is (unless it has them) and normed.</summary>
    /// <param name="model">The bytes of an ONNX file.</param>
    /// <param name="path">What to name in errors.</param>
    /// <exception cref="ModelFormatException">The file is damaged, or is of another form.</exception>
    public static byte[] AsOutputs(byte[] model, string path)
    {
        var graph = OnnxGraph.Read(model, path);
        (string[] states, IReadOnlyList<OnnxNode> norm) = StatesOf(graph, path);
        if (norm.Count == 0)
        {
            throw Unknown(path);
        }

        string top = states[^1];

        var nodes = new List<OnnxNode>();
        var outputs = new List<string>();
        for (int i = 0; i < states.Length; i++)
        {
            string number = i.ToString(CultureInfo.InvariantCulture);
            if (!graph.HasOutput(AsTheyAre + number))
            {
                nodes.Add(new OnnxNode(Copy, "", [states[i]], [AsTheyAre + number], []));
                outputs.Add(AsTheyAre + number);
            }

            HashSet<string> own = [.. norm.SelectMany(node => node.Outputs)];
            string state = states[i];
            string Own(string name) => name == Last ? Normed + number : own.Contains(name) ? $"{name}.of_state.{number}" : name;
            nodes.AddRange(norm.Select(node => node.Renamed(input => input == top ? state : Own(input), Own)));
            outputs.Add(Normed + number);
        }

        return graph.Extended(nodes, outputs, []);
    }

    /// <summary>The model with an output for the state before the last layer.</summary>
    /// <inheritdoc cref="AsOutputs"/>
    public static byte[] WithPenultimate(byte[] model, string path)
    {
        var graph = OnnxGraph.Read(model, path);
        int given = 0;
        while (graph.HasOutput(AsTheyAre + given.ToString(CultureInfo.InvariantCulture)))
        {
            given++;
        }

        string state = given > 1 ? AsTheyAre + (given - 2).ToString(CultureInfo.InvariantCulture) : StatesOf(graph, path).States[^2];
        return graph.Extended([new OnnxNode(Copy, "", [state], [Penultimate], [])], [Penultimate], []);
    }

    private static (string[] States, IReadOnlyList<OnnxNode> Norm) StatesOf(OnnxGraph graph, string path) =>
        NormOf(graph) is var (top, norm) && StatesBelow(graph, top) is { Length: > 1 } states ? (states, norm) : throw Unknown(path);

    // What lies between the last layer and the output: back to the first sum of two things that depend on the input.
    private static (string Top, IReadOnlyList<OnnxNode> Norm)? NormOf(OnnxGraph graph)
    {
        var norm = new List<OnnxNode>();
        var tops = new HashSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([Last]);
        while (open.TryPop(out string? name))
        {
            if (!seen.Add(name))
            {
                continue;
            }

            if (graph.ProducerOf(name) is not { } node)
            {
                return null;
            }

            if (node.Operation == Addition && graph.Computed(node).Length == 2)
            {
                tops.Add(name);
                continue;
            }

            if (!norm.Contains(node))
            {
                norm.Add(node);
            }

            Array.ForEach(graph.Computed(node), open.Push);
        }

        norm.Reverse();
        return tops.Count == 1 ? (tops.Single(), norm) : null;
    }

    // From the embedding to the last layer.
    private static string[] StatesBelow(OnnxGraph graph, string top)
    {
        var states = new List<string> { top };
        while (Before(graph, states[^1]) is { } middle && Before(graph, middle) is { } state)
        {
            states.Add(state);
        }

        states.Reverse();
        return [.. states];
    }

    // Of the two that are added, the one that the other is computed from.
    private static string? Before(OnnxGraph graph, string sum) => graph.ProducerOf(sum) is { Operation: Addition } node && graph.Computed(node) is [var a, var b]
        ? graph.IsComputedFrom(b, a) ? a : graph.IsComputedFrom(a, b) ? b : null
        : null;

    private static ModelFormatException Unknown(string path) => new(
        path, $"the graph has no outputs '{AsTheyAre}0', '{AsTheyAre}1' and so on, and its layers do not have the form of a transformer's, so that earlier ones cannot be told: export it with the hidden states (output_hidden_states).");
}
