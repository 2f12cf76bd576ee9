using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.ModelFolders;
using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>Which of a noise predictor's inputs is what, and what a generation must bring.</summary>
internal sealed record PredictorLayout
{
    private const string Tokens = "hidden_states";
    private const int VectorRank = 2;

    private readonly string _path;

    /// <param name="session">The model.</param>
    /// <param name="config">What is beside it.</param>
    /// <param name="outputs">What the output may be called.</param>
    public PredictorLayout(OnnxSession session, UNetConfig config, params ReadOnlySpan<string> outputs)
    {
        _path = session.Path;
        Sample = session.RequireInput("sample", Tokens, "x");
        Timestep = session.RequireInput("timestep", "timesteps");
        Output = session.RequireOutput(outputs);
        Format = Sample is { Name: Tokens, Rank: 3 } ? new PackedFormat(session.FindInput(PackedFormat.ImageIds), session.FindInput(PackedFormat.TextIds)) : new PlanesFormat(Sample.Rank == VectorRank ? VectorRank : PlanesFormat.Usual);
        SizeMultiple = Math.Max(config.SizeMultiple, Format.SizeMultiple);
        RequireRank(Sample, Format.Rank);
        if (Timestep.Rank > 1)
        {
            throw new ModelFormatException(_path, $"the input '{Timestep.Name}' must be a scalar or a vector, found rank {Timestep.Rank}.");
        }

        Conditions = [.. session.Inputs.Values.Where(input => input != Sample && input != Timestep).Select(input => ConditionInput.Of(input, session.Path))];
        InputChannels = ChannelsOf(Sample, config.InChannels);
        OutputChannels = ChannelsOf(Output, config.OutChannels);
    }

    /// <summary>How samples lie in the graph.</summary>
    public SampleFormat Format { get; }

    /// <summary>What the sample's height and width must be multiples of.</summary>
    public int SizeMultiple { get; }

    public OnnxTensorInfo Sample { get; }

    public OnnxTensorInfo Timestep { get; }

    /// <summary>Whether rows may differ in their timesteps.</summary>
    public bool HasTimestepPerRow => Timestep.Rank == 1 && Timestep.Fixed(0) is null;

    /// <summary>All inputs that conditions are bound to.</summary>
    public ConditionInput[] Conditions { get; init; }

    /// <summary>Whether the network is shown what is concatenated to the sample.</summary>
    public bool TakesConcatenated { get; init; } = true;

    public OnnxTensorInfo Output { get; }

    public int? InputChannels { get; }

    public int? OutputChannels { get; }

    /// <summary>Channels of the sample: those of the input without what is concatenated. A variance adds to the output, so that more come out than go in.</summary>
    public int? SampleChannels => InputChannels is { } inputs && OutputChannels < inputs ? OutputChannels : InputChannels;

    /// <summary>Throws where a plan does not fit the model.</summary>
    public void Check(SampleShape shape, Conditioning conditioning)
    {
        int concatenated = ConcatenatedChannels(shape, conditioning);
        if (InputChannels is { } channels && channels != shape.Channels + concatenated)
        {
            throw new ArgumentException($"{_path}: the model takes {channels} channels, but the sample has {shape.Channels} and {concatenated} are concatenated to it.", nameof(conditioning));
        }

        if (Sample.Fixed(0) is { } batch && batch != shape.Batch)
        {
            throw new ArgumentException($"{_path}: the model was exported for a batch of {batch}, but this generation needs {shape.Batch} (pictures, twice with guidance).", nameof(shape));
        }

        RequireSide("height", shape.Height, Format.IsPlain ? Sample.Fixed(2) : null);
        RequireSide("width", shape.Width, Format.IsPlain ? Sample.Fixed(3) : null);
        foreach (ConditionInput input in Conditions)
        {
            input.Check(conditioning, shape.Batch, _path);
        }
    }

    private int? ChannelsOf(OnnxTensorInfo tensor, int? said) => (tensor.Fixed(Format.ChannelDimension) ?? said) / Format.ChannelsPerSample;

    private int ConcatenatedChannels(SampleShape shape, Conditioning conditioning)
    {
        if (!TakesConcatenated || conditioning[ConditionNames.Concatenated] is not { Values: { } extra })
        {
            return 0;
        }

        return Format.IsPlain && extra.Rank == 4 && extra.Lengths[0] == shape.Batch && extra.Lengths[2] == shape.Height && extra.Lengths[3] == shape.Width
            ? (int)extra.Lengths[1]
            : throw new ArgumentException($"{_path}: the condition '{ConditionNames.Concatenated}' has the shape {extra.ShapeText()}, which does not fit behind a sample of {shape}: batch, height and width must be the same.", nameof(conditioning));
    }

    private void RequireSide(string name, int side, int? exported)
    {
        if (exported is { } size && size != side)
        {
            throw new ArgumentException($"{_path}: the model was exported for a sample {name} of {size}, but this generation has {side}.");
        }

        if (side % SizeMultiple != 0)
        {
            throw new ArgumentException($"{_path}: the model halves its sample or cuts it into squares, so the sample's {name} must be a multiple of {SizeMultiple}; it is {side}. Choose another picture size.");
        }
    }

    private void RequireRank(OnnxTensorInfo input, int rank)
    {
        if (input.Rank != rank)
        {
            throw new ModelFormatException(_path, $"the input '{input.Name}' must have rank {rank}, found {input.Rank}.");
        }
    }
}
