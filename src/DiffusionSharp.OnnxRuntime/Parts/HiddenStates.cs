using System.Globalization;
using DiffusionSharp.OnnxRuntime.Graphs;
using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.Text;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>
/// The graph of a text encoder, and which of its outputs is the context. Most exports give the last layer alone; where another one is asked for, a graph
/// that gives it is made of the file (<see cref="EncoderLayers"/>), for what is normed a second one beside the first, when it is first needed.
/// </summary>
internal sealed class HiddenStates : IDisposable
{
    private readonly ModelSource _source;
    private readonly OnnxOptions? _options;
    private readonly ContextLayer _layer;
    private readonly Lock _lock = new();
    private readonly int _top;
    private OnnxSession? _normed;
    private bool _disposed;

    public HiddenStates(ModelSource source, OnnxOptions? options, ContextLayer layer, CancellationToken cancellationToken)
    {
        (_source, _options, _layer) = (source, options, layer);
        Session = OnnxSession.Load(source, options, cancellationToken);
        if (layer != ContextLayer.Last && Count(Session, EncoderLayers.AsTheyAre) == 0)
        {
            Session.Dispose();
            _source = source.Changed(EncoderLayers.AsOutputs);
            Session = OnnxSession.Load(_source, options, cancellationToken);
        }

        try
        {
            Ids = Session.RequireInput("input_ids");
            int last = Count(Session, EncoderLayers.AsTheyAre) - 1;
            _top = layer == ContextLayer.Penultimate ? last - 1 : last;
            Last = layer == ContextLayer.Last ? Session.RequireOutput("last_hidden_state").Name
                : last >= 1 ? Name(EncoderLayers.AsTheyAre, _top)
                : throw new ModelFormatException(source.Name, $"the graph has the output '{EncoderLayers.AsTheyAre}0' alone, and none of a layer.");
        }
        catch
        {
            Session.Dispose();
            throw;
        }
    }

    /// <summary>The graph with the context where nothing is skipped.</summary>
    public OnnxSession Session { get; }

    /// <summary>The input for tokens.</summary>
    public OnnxTensorInfo Ids { get; }

    /// <summary>The output where nothing is skipped.</summary>
    public string Last { get; }

    /// <summary>The output that leaves out layers at the end, and the graph that has it.</summary>
    public (OnnxSession Session, string Output) Skipping(int layers, CancellationToken cancellationToken)
    {
        if (layers == 0)
        {
            return (Session, Last);
        }

        bool isNormed = _layer == ContextLayer.Last;
        OnnxSession session = isNormed ? Normed(cancellationToken) : Session;
        int top = isNormed ? Count(session, EncoderLayers.Normed) - 1 : _top;
        return layers <= top
            ? (session, Name(isNormed ? EncoderLayers.Normed : EncoderLayers.AsTheyAre, top - layers))
            : throw new ArgumentOutOfRangeException(nameof(layers), layers, $"{session.Path}: {nameof(TextEncodingOptions)}.{nameof(TextEncodingOptions.ClipSkip)} can be at most {top}, the number of layers{(_layer == ContextLayer.Penultimate ? " below the one that the model is conditioned on" : "")}.");
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _normed?.Dispose();
        }

        Session.Dispose();
    }

    private OnnxSession Normed(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _normed ??= OnnxSession.Load(_source.Changed(EncoderLayers.AsOutputs), _options, cancellationToken);
        }
    }

    private static int Count(OnnxSession session, string prefix)
    {
        int count = 0;
        while (session.FindOutput(Name(prefix, count)) is not null)
        {
            count++;
        }

        return count;
    }

    private static string Name(string prefix, int index) => prefix + index.ToString(CultureInfo.InvariantCulture);
}
