namespace DiffusionSharp.Prediction;

/// <summary>A noise predictor that drops the variance which another one predicts, for pipelines that do not use it.</summary>
internal sealed class WithoutVariance(INoisePredictor predictor) : DelegatingNoisePredictor(predictor)
{
    public override IPredictionRun Start(PredictionPlan plan) => new Run(Inner.Start(plan));

    private sealed class Run(IPredictionRun inner) : DelegatingPredictionRun(inner)
    {
        public override Span<float> Prediction => Inner.Prediction[..Inner.Shape.Length];

        public override void Predict(in StepPoint at)
        {
            base.Predict(at);

            // Each picture's prediction is followed by its variance: those of the pictures are moved together.
            Span<float> all = Inner.Prediction;
            int length = Inner.Shape.ImageLength;
            int stride = all.Length / Inner.Shape.Batch;
            for (int i = 1; i < Inner.Shape.Batch; i++)
            {
                all.Slice(i * stride, length).CopyTo(all[(i * length)..]);
            }
        }
    }
}
