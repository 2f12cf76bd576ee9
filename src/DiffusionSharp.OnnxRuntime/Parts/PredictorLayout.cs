using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.ModelFolders;
using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>Which of a noise predictor's inputs is what, and what a generation must bring.</summary>
internal sealed class PredictorLayout
{
    // What the conditions of the library's own encoders are called in graphs; any other condition has the name of its input.
    private static readonly (string Condition, string[] Inputs)[] KnownNames =
    [
        (ConditionNames.Context, ["encoder_hidden_states"]),
        (ConditionNames.ContextMask, ["encoder_attention_mask"]),
        (ConditionNames.Pooled, ["text_embeds", "pooled_projections", "image_embeds"]),
        (ConditionNames.ClassLabels, ["class_labels"]),
    ];

    private readonly string _path;
    private readonly int _multiple;

    public PredictorLayout(OnnxSession session, UNetConfig config)
    {
        _path = session.Path;
        _multiple = config.SizeMultiple;
        Sample = session.RequireInput("sample");
        Timestep = session.RequireInput("timestep", "timesteps");
        Output = session.RequireOutput("out_sample", "noise_pred");
        RequireRank(Sample, 4);
        if (Timestep.Rank > 1)
        {
            throw new ModelFormatException(_path, $"the input '{Timestep.Name}' must be a scalar or a vector, found rank {Timestep.Rank}.");
        }

        Conditions = [.. session.Inputs.Values.Where(input => input != Sample && input != Timestep)];
        InputChannels = Sample.Fixed(1) ?? config.InChannels;
        OutputChannels = Output.Fixed(1) ?? config.OutChannels;
    }

    public OnnxTensorInfo Sample { get; }

    public OnnxTensorInfo Timestep { get; }

    /// <summary>Whether rows may differ in their timesteps.</summary>
    public bool HasTimestepPerRow => Timestep.Rank == 1 && Timestep.Fixed(0) is null;

    /// <summary>All inputs that conditions are bound to.</summary>
    public IReadOnlyList<OnnxTensorInfo> Conditions { get; }

    public OnnxTensorInfo Output { get; }

    public int? InputChannels { get; }

    public int? OutputChannels { get; }

    /// <summary>Channels of the sample: those of the input without what is concatenated. A variance adds to the output, so that more come out than go in.</summary>
    public int? SampleChannels => InputChannels is { } inputs && OutputChannels < inputs ? OutputChannels : InputChannels;

    /// <summary>The condition for an input: that of its own name, or the one that it stands for.</summary>
    public static ConditionPart? Find(OnnxTensorInfo input, Conditioning conditioning) =>
        conditioning[input.Name] ?? (NameOf(input) is { } name ? conditioning[name] : null);

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

        RequireSide("height", shape.Height, Sample.Fixed(2));
        RequireSide("width", shape.Width, Sample.Fixed(3));
        foreach (OnnxTensorInfo input in Conditions)
        {
            RequireCondition(input, conditioning, shape.Batch);
        }
    }

    private static string? NameOf(OnnxTensorInfo input) => Array.Find(KnownNames, known => known.Inputs.Contains(input.Name)).Condition;

    private int ConcatenatedChannels(SampleShape shape, Conditioning conditioning)
    {
        if (conditioning[ConditionNames.Concatenated] is not { Values: { } extra })
        {
            return 0;
        }

        return extra.Rank == 4 && extra.Lengths[0] == shape.Batch && extra.Lengths[2] == shape.Height && extra.Lengths[3] == shape.Width
            ? (int)extra.Lengths[1]
            : throw new ArgumentException($"{_path}: the condition '{ConditionNames.Concatenated}' has the shape {extra.ShapeText()}, which does not fit behind a sample of {shape}: batch, height and width must be the same.", nameof(conditioning));
    }

    private void RequireSide(string name, int side, int? exported)
    {
        if (exported is { } size && size != side)
        {
            throw new ArgumentException($"{_path}: the model was exported for a sample {name} of {size}, but this generation has {side}.");
        }

        if (side % _multiple != 0)
        {
            throw new ArgumentException($"{_path}: the model halves its sample several times, so the sample's {name} must be a multiple of {_multiple}; it is {side}. Choose another picture size.");
        }
    }

    private void RequireCondition(OnnxTensorInfo input, Conditioning conditioning, int batch)
    {
        ConditionPart part = Find(input, conditioning)
            ?? throw new ArgumentException($"{_path}: the model's input '{input.Name}' needs the condition '{NameOf(input) ?? input.Name}', which this generation does not have.");
        bool fits = input.Fits(part.Values.Lengths) && (part.IsShared || part.Values.Lengths[0] == batch);
        if (!fits)
        {
            throw new ArgumentException($"{_path}: the condition '{part.Name}' has the shape {part.Values.ShapeText()}, but the model's input '{input.Name}' is {input.ShapeText}{(part.IsShared ? "" : $", here with a batch of {batch}")}.");
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
