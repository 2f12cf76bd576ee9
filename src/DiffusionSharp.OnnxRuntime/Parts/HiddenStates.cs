using System.Globalization;
using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.Text;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>Which output of a text encoder is the context.</summary>
internal sealed class HiddenStates
{
    private const string Prefix = "hidden_states.";

    private readonly string _path;
    private readonly ContextLayer _layer;
    private readonly int _layers;
    private readonly int _top;

    public HiddenStates(OnnxSession session, ContextLayer layer)
    {
        (_path, _layer) = (session.Path, layer);

        // The first one is the embedding, before any layer.
        while (session.FindOutput(Name(_layers)) is not null)
        {
            _layers++;
        }

        _top = layer == ContextLayer.Penultimate ? _layers - 2 : _layers - 1;
        Last = layer == ContextLayer.Last ? session.RequireOutput("last_hidden_state").Name
            : _layers >= 2 ? Name(_top)
            : throw new ModelFormatException(_path, $"the graph has no outputs '{Prefix}0', '{Prefix}1' and so on, which this kind of model is conditioned on: export it with the hidden states.");
    }

    /// <summary>The output where nothing is skipped.</summary>
    public string Last { get; }

    /// <summary>The output that leaves out layers at the end.</summary>
    public string Skipping(int layers)
    {
        if (layers == 0)
        {
            return Last;
        }

        if (_layer == ContextLayer.Last)
        {
            throw new ArgumentException($"{_path}: earlier layers of this encoder are normed again, which the graph does not do: leave {nameof(TextEncodingOptions)}.{nameof(TextEncodingOptions.ClipSkip)} at 0.");
        }

        int index = _top - layers;
        return index >= 0
            ? Name(index)
            : throw new ArgumentOutOfRangeException(nameof(layers), layers, $"{_path}: {nameof(TextEncodingOptions)}.{nameof(TextEncodingOptions.ClipSkip)} can be at most {_top}, for the encoder has {_layers - 1} layers.");
    }

    private static string Name(int index) => Prefix + index.ToString(CultureInfo.InvariantCulture);
}
