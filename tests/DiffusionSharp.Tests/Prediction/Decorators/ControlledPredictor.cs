using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Prediction.Decorators;

/// <summary>
/// A network that is helped by a second one, which sees the control picture and gives it residuals, others in every step and for a share of the
/// steps (ControlNet, Zhang et al. 2023, arXiv:2302.05543). The network takes them as its condition "residual".
/// </summary>
internal sealed class ControlledPredictor(INoisePredictor network, INoisePredictor control, double weight, double until)
    : DelegatingNoisePredictor(network, leaveOpen: false, control)
{
    public override IPredictionRun Start(PredictionPlan plan)
    {
        var residuals = new float[plan.Shape.Length];
        var part = new ConditionPart("residual", Tensor.Create(residuals, plan.Shape.ToLengths()));
        Conditioning conditions = plan.Conditioning.With(part);
        return new Run(Inner.Start(plan with { Conditioning = conditions }), control.Start(plan), part, conditions, residuals, (float)weight, until);
    }

    private sealed class Run(IPredictionRun network, IPredictionRun control, ConditionPart part, Conditioning conditions, float[] residuals, float weight, double until)
        : DelegatingPredictionRun(network, control)
    {
        private Conditioning _conditions = conditions;

        public override void SetConditions(Conditioning conditioning)
        {
            control.SetConditions(conditioning);
            _conditions = conditioning.With(part);
        }

        public override void Predict(in StepPoint at)
        {
            if (at.Step < until * at.StepCount)
            {
                Sample.CopyTo(control.Sample);
                control.Predict(at);
                TensorPrimitives.Multiply(control.Prediction, weight, residuals);
            }
            else
            {
                Array.Clear(residuals);
            }

            Inner.SetConditions(_conditions);
            Inner.Predict(at);
        }
    }
}
