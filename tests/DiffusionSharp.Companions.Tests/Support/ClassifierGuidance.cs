using System.Numerics.Tensors;
using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Companions.Tests.Support;

/// <summary>Classifier guidance (Dhariwal and Nichol 2021, arXiv:2105.05233, algorithm 2): <c>ε - w·sqrt(1-ᾱ)·∇ log p(label | x_t)</c>.</summary>
internal sealed class ClassifierGuidance(NoisyClassifier classifier, long label, NoiseSchedule schedule) : IGuidance
{
    private readonly ClassifierFreeGuidance _none = new();

    public bool NeedsUnconditional(float scale) => false;

    public IGuidanceRun Start(INoisePredictor predictor, GuidancePlan plan) =>
        new Run(_none.Start(predictor, plan with { Scale = 1 }), (sample, timestep) => Shift(sample, timestep, plan.Scale), plan.Shape);

    // What is added to ε.
    private float[] Shift(ReadOnlySpan<float> sample, double timestep, float scale)
    {
        float[] shift = classifier.Gradient(sample, timestep, label);
        TensorPrimitives.Multiply(shift, -scale * MathF.Sqrt(1 - schedule.AlphaBar[(int)timestep]), shift);
        return shift;
    }

    private delegate float[] Shifting(ReadOnlySpan<float> sample, double timestep);

    private sealed class Run(IGuidanceRun run, Shifting shifting, SampleShape shape) : IGuidanceRun
    {
        private float[] _guided = [];

        public Span<float> Sample => run.Sample;

        public int EvaluationsPerStep => run.EvaluationsPerStep;

        public GuidedPrediction Prediction => new(_guided);

        public void Predict(double timestep)
        {
            float[] shift = shifting(run.Sample, timestep);
            run.Predict(timestep);
            _guided = run.Prediction.Conditional.ToArray();
            int stride = _guided.Length / shape.Batch;
            for (int i = 0; i < shape.Batch; i++)
            {
                // Behind ε of each picture is its variance, which stays.
                Span<float> epsilon = _guided.AsSpan(i * stride, shape.ImageLength);
                TensorPrimitives.Add(epsilon, shift.AsSpan(i * shape.ImageLength, shape.ImageLength), epsilon);
            }
        }

        public void Finish() => run.Finish();

        public void Dispose() => run.Dispose();
    }
}
