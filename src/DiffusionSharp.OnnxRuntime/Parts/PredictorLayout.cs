using System.Numerics.Tensors;
using DiffusionSharp.OnnxRuntime.ModelFolders;
using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>Which of a noise predictor's inputs is what, and what a generation must bring.</summary>
internal sealed class PredictorLayout
{
    private readonly string _path;
    private readonly int _multiple;

    public PredictorLayout(OnnxSession session, UNetConfig config)
    {
        _path = session.Path;
        _multiple = config.SizeMultiple;
        Sample = session.RequireInput("sample");
        Timestep = session.RequireInput("timestep", "timesteps");
        Context = session.FindInput("encoder_hidden_states");
        Pooled = session.FindInput("text_embeds", "pooled_projections", "image_embeds");
        ClassLabels = session.FindInput("class_labels");
        Output = session.RequireOutput("out_sample", "noise_pred");
        RequireRank(Sample, 4);
        if (Timestep.Rank > 1)
        {
            throw new ModelFormatException(_path, $"the input '{Timestep.Name}' must be a scalar or a vector, found rank {Timestep.Rank}.");
        }

        var known = new HashSet<OnnxTensorInfo?> { Sample, Timestep, Context, Pooled, ClassLabels };
        Others = [.. session.Inputs.Values.Where(input => !known.Contains(input))];
        InputChannels = Sample.Fixed(1) ?? config.InChannels;
        OutputChannels = Output.Fixed(1) ?? config.OutChannels;
    }

    public OnnxTensorInfo Sample { get; }

    public OnnxTensorInfo Timestep { get; }

    /// <summary>Whether rows may differ in their timesteps.</summary>
    public bool HasTimestepPerRow => Timestep.Rank == 1 && Timestep.Fixed(0) is null;

    public OnnxTensorInfo? Context { get; }

    public OnnxTensorInfo? Pooled { get; }

    public OnnxTensorInfo? ClassLabels { get; }

    /// <summary>Inputs that the plan brings by name.</summary>
    public IReadOnlyList<OnnxTensorInfo> Others { get; }

    public OnnxTensorInfo Output { get; }

    public int? InputChannels { get; }

    public int? OutputChannels { get; }

    /// <summary>Channels of the sample: those of the input without what is concatenated. A variance adds to the output, so that more come out than go in.</summary>
    public int? SampleChannels => InputChannels is { } inputs && OutputChannels < inputs ? OutputChannels : InputChannels;

    /// <summary>Throws where a plan does not fit the model.</summary>
    public void Check(PredictionPlan plan)
    {
        SampleShape shape = plan.Shape;
        int concatenated = ConcatenatedChannels(plan);
        if (InputChannels is { } channels && channels != shape.Channels + concatenated)
        {
            throw new ArgumentException($"{_path}: the model takes {channels} channels, but the sample has {shape.Channels} and {concatenated} are concatenated to it.", nameof(plan));
        }

        if (Sample.Fixed(0) is { } batch && batch != shape.Batch)
        {
            throw new ArgumentException($"{_path}: the model was exported for a batch of {batch}, but this generation needs {shape.Batch} (pictures, twice with guidance).", nameof(plan));
        }

        RequireSide("height", shape.Height, Sample.Fixed(2));
        RequireSide("width", shape.Width, Sample.Fixed(3));
        RequireCondition(Context, plan.Conditioning.Context, nameof(Conditioning.Context), shape.Batch);
        RequireCondition(Pooled, plan.Conditioning.Pooled, nameof(Conditioning.Pooled), shape.Batch);
        RequireCondition(ClassLabels, plan.Conditioning.ClassLabels, nameof(Conditioning.ClassLabels), shape.Batch);
        foreach (OnnxTensorInfo input in Others)
        {
            RequireCondition(input, plan.Conditioning.Named.GetValueOrDefault(input.Name), $"{nameof(Conditioning.Named)}[\"{input.Name}\"]", shape.Batch);
        }
    }

    private int ConcatenatedChannels(PredictionPlan plan)
    {
        if (plan.Conditioning.Concatenated is not { } extra)
        {
            return 0;
        }

        SampleShape shape = plan.Shape;
        return extra.Rank == 4 && extra.Lengths[0] == shape.Batch && extra.Lengths[2] == shape.Height && extra.Lengths[3] == shape.Width
            ? (int)extra.Lengths[1]
            : throw new ArgumentException($"{_path}: {nameof(Conditioning)}.{nameof(Conditioning.Concatenated)} has the shape {extra.ShapeText()}, which does not fit behind a sample of {shape}: batch, height and width must be the same.", nameof(plan));
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

    private void RequireCondition<T>(OnnxTensorInfo? input, Tensor<T>? given, string part, int batch)
    {
        if (input is null)
        {
            return;
        }

        if (given is null)
        {
            throw new ArgumentException($"{_path}: the model's input '{input.Name}' needs {nameof(Conditioning)}.{part}, which this generation does not have.");
        }

        if (!input.Fits(given.Lengths) || given.Lengths is not [var rows, ..] || rows != batch)
        {
            throw new ArgumentException($"{_path}: {nameof(Conditioning)}.{part} has the shape {given.ShapeText()}, but the model's input '{input.Name}' is {input.ShapeText}, here with a batch of {batch}.");
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
