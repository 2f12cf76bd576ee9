using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Guidance;
using DiffusionSharp.OnnxRuntime.ModelFolders;
using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>
/// A classifier of noisy samples in an ONNX file, for <see cref="ClassifierGuidance"/>. The graph takes what a noise predictor takes (<c>x</c> or
/// <c>sample</c>, <c>timesteps</c> or <c>timestep</c>, <c>y</c> or <c>class_labels</c>) and its output <c>gradient</c> is ∇ log p(y | x) with respect to x, of the
/// shape of the sample. The class is that of the request, which an unconditional network is not shown.
/// </summary>
public sealed class OnnxClassifier : IClassifier, IDisposable
{
    private readonly OnnxSession _session;
    private readonly PredictorLayout _layout;

    /// <summary>Loads a model.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="options">How to execute it; on the processor when null.</param>
    /// <exception cref="ModelFormatException">The file is missing, damaged, or not a classifier with a gradient.</exception>
    /// <exception cref="DllNotFoundException">The app has no native ONNX Runtime; the message says which package to add.</exception>
    /// <exception cref="NotSupportedException">The execution provider is not available; the message says what is missing: its package, a library of its vendor, or a device.</exception>
    /// <exception cref="InsufficientMemoryException">The model does not fit into memory.</exception>
    public OnnxClassifier(string path, OnnxOptions? options = null)
    {
        _session = OnnxSession.Load(ModelSource.File(path), options);
        try
        {
            _layout = new PredictorLayout(_session, new UNetConfig(), "gradient");
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IClassifierRun Start(GuidancePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        float[] labels = plan.Request switch
        {
            { ClassLabels: { } all } => [.. all],
            { ClassLabel: { } one } => [.. Enumerable.Repeat((float)one, plan.Shape.Batch)],
            _ => throw new ArgumentException($"{_session.Path}: the classifier must be told which class is wanted: set {nameof(GenerationRequest.ClassLabel)}.", nameof(plan)),
        };
        Conditioning wanted = Conditioning.None.With(ConditionNames.ClassLabels, Tensor.Create(labels, [labels.Length]));
        _layout.Check(plan.Shape, wanted);
        return new Run(new OnnxPredictionRun(_session, _layout, new PredictionPlan(plan.Shape, wanted) { CancellationToken = plan.CancellationToken }));
    }

    /// <summary>Releases the model.</summary>
    public void Dispose() => _session.Dispose();

    private sealed class Run(OnnxPredictionRun run) : IClassifierRun
    {
        public void Gradient(ReadOnlySpan<float> input, in StepPoint at, Span<float> gradient)
        {
            input.CopyTo(run.Sample);
            run.Predict(at);
            run.Prediction.CopyTo(gradient);
        }

        public void Dispose() => run.Dispose();
    }
}
