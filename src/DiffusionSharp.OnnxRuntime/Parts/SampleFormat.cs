using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>How a sample <c>[B, C, H, W]</c> lies in the input of a graph, and the prediction in its output.</summary>
internal abstract class SampleFormat
{
    /// <summary>The rank of the graph's input.</summary>
    public abstract int Rank { get; }

    /// <summary>What the graph's channels have to be divided by to be those of a sample.</summary>
    public virtual int ChannelsPerSample => 1;

    /// <summary>The dimension of the graph's input and output that has the channels.</summary>
    public abstract int ChannelDimension { get; }

    /// <summary>What the sample's height and width must be multiples of.</summary>
    public virtual int SizeMultiple => 1;

    /// <summary>What timesteps in training units are multiplied with.</summary>
    public virtual double TimestepScale => 1;

    /// <summary>Whether input and output are the sample and the prediction, value for value.</summary>
    public virtual bool IsPlain => false;

    /// <summary>The shape of input or output for so many channels.</summary>
    public abstract long[] Shape(SampleShape shape, int channels);

    /// <summary>The conditions with those that follow from the shape of the sample.</summary>
    public virtual Conditioning Complete(SampleShape shape, Conditioning conditioning) => conditioning;

    /// <summary>Brings a sample into the form of the graph.</summary>
    public abstract void Write(SampleShape shape, ReadOnlySpan<float> sample, Span<float> input);

    /// <summary>Brings an output into the form of a prediction.</summary>
    public abstract void Read(SampleShape shape, ReadOnlySpan<float> output, Span<float> prediction);
}
