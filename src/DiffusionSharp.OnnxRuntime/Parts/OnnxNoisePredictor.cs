using DiffusionSharp.OnnxRuntime.ModelFolders;
using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>
/// A noise predictor (UNet or transformer) in an ONNX file. Inputs are found by name and their types and ranks taken from the file: <c>sample</c> or
/// <c>hidden_states</c>, <c>timestep</c>, and where the model has them <c>encoder_hidden_states</c>, <c>text_embeds</c>, <c>class_labels</c> and others by name.
/// A sample of rank 3 is that of Flux: squares of latents in a row, whose places the predictor gives itself.
/// A <c>config.json</c> beside the file, where there is one, says what the file cannot.
/// </summary>
public sealed class OnnxNoisePredictor : IRowwisePredictor, IDisposable
{
    private readonly UNetConfig _config;

    /// <summary>Loads a model.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="options">How to execute it; on the processor when null.</param>
    /// <exception cref="ModelFormatException">The file is missing, damaged, or not a noise predictor.</exception>
    /// <exception cref="DllNotFoundException">The app has no native ONNX Runtime; the message says which package to add.</exception>
    /// <exception cref="NotSupportedException">The execution provider is not available; the message says what is missing: its package, a library of its vendor, or a device.</exception>
    /// <exception cref="InsufficientMemoryException">The model does not fit into memory.</exception>
    public OnnxNoisePredictor(string path, OnnxOptions? options = null)
        : this(ModelSource.File(path), options, CancellationToken.None)
    {
    }

    /// <summary>Loads a model from memory; its weights must be inside.</summary>
    /// <param name="model">The bytes of an ONNX file, kept as long as the part where the model does not stay loaded.</param>
    /// <param name="options">How to execute it; on the processor when null.</param>
    /// <param name="name">What to name in errors.</param>
    /// <inheritdoc cref="OnnxNoisePredictor(string, OnnxOptions?)"/>
    public OnnxNoisePredictor(byte[] model, OnnxOptions? options = null, string name = "noise predictor")
        : this(ModelSource.Bytes(model, name), options, CancellationToken.None)
    {
    }

    internal OnnxNoisePredictor(ModelSource source, OnnxOptions? options, CancellationToken cancellationToken)
    {
        _config = UNetConfig.Beside(source.Name);
        Session = OnnxSession.Load(source, options, cancellationToken);
        try
        {
            Layout = new PredictorLayout(Session, _config, "out_sample", "noise_pred", "out_hidden_states", "predicted_image_embedding");
            _config.RequireChannels(Layout.Sample.Fixed(Layout.Format.ChannelDimension), Layout.Output.Fixed(Layout.Format.ChannelDimension), source.Name);
        }
        catch
        {
            Session.Dispose();
            throw;
        }
    }

    /// <summary>Channels of the model's input, concatenated conditions included; null when the files do not say.</summary>
    public int? InputChannels => Layout.InputChannels;

    /// <summary>Height and width of the sample that the model was trained at; null when the files do not say.</summary>
    public int? TrainedSize => _config.SampleSize;

    /// <summary>SHA-256 of the graph's length, beginning and end, and of those of the files with its weights beside it.</summary>
    public string? Fingerprint => Session.Fingerprint;

    /// <inheritdoc/>
    public int SizeMultiple => Layout.SizeMultiple;

    internal OnnxSession Session { get; }

    internal PredictorLayout Layout { get; }

    /// <summary>ControlNets that the graph has inside; 0 for most.</summary>
    internal int MergedControlNets => Layout.Conditions.OfType<StackedControlPictures>().FirstOrDefault()?.Nets ?? 0;

    /// <summary>Channels of the sample, without concatenated conditions; null when the files do not say.</summary>
    internal int? SampleChannels => Layout.SampleChannels;

    /// <summary>How many classes the model knows; null where it is not conditioned on one of a list.</summary>
    internal int? Classes => _config.Classes;

    /// <summary>The file, or what to name in errors.</summary>
    internal string Path => Session.Path;

    /// <summary>Whether the model is in memory now.</summary>
    internal bool IsLoaded => Session.IsLoaded;

    /// <inheritdoc/>
    public int? FixedRows => Layout.Sample.Fixed(0);

    /// <summary>Whether the rows of one call may have different timesteps: so where the model's timestep is a vector of open length, and not a scalar.</summary>
    public bool HasTimestepPerRow => Layout.HasTimestepPerRow;

    /// <summary>Whether the graph has an input.</summary>
    internal bool HasInput(string name) => Session.FindInput(name) is not null;

    /// <summary>The last extent of an input; null where the graph leaves it open or has no such input.</summary>
    internal int? FixedWidthOf(string input) => Session.FindInput(input) is { } tensor ? tensor.Fixed(tensor.Rank - 1) : null;

    /// <summary>The last extent of an input, by the graph or by a key of the configuration.</summary>
    internal int WidthOf(string input, string key) => FixedWidthOf(Session.RequireInput(input).Name) ?? _config.WholeNumber(key)
        ?? throw new ModelFormatException(Path, $"neither the graph nor a config.json beside it ('{key}') says how wide the input '{input}' is.");

    /// <inheritdoc/>
    public IPredictionRun Start(PredictionPlan plan) => StartRows(plan);

    /// <inheritdoc/>
    public IRowwiseRun StartRows(PredictionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan = plan with { Conditioning = Layout.Format.Complete(plan.Shape, plan.Conditioning) };
        Layout.Check(plan.Shape, plan.Conditioning);
        return new OnnxPredictionRun(Session, Layout, plan);
    }

    /// <summary>Releases the model.</summary>
    public void Dispose() => Session.Dispose();
}
