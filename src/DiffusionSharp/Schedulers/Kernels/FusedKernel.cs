using System.Numerics;

namespace DiffusionSharp.Schedulers;

/// <summary>
/// The arithmetic of a step, vectorised, in one pass: every input is read once and every output written once. Operations are rounded
/// one by one and in a fixed order, so that results depend neither on the CPU nor on where in a batch a value lies.
/// </summary>
internal static class FusedKernel
{
    public static void Run(in StepCoefficients step, in FusedTerms terms)
    {
        if (IsLinear(step, terms, out float fromSample, out double fromPrediction))
        {
            RunLinear(fromSample, fromPrediction, step, terms);
        }
        else
        {
            RunGeneral(step, terms);
        }
    }

    // Where m is neither clipped nor kept, nor that of earlier steps used, it need not be formed: the step is a·x + b·p + c·u + s·z.
    private static bool IsLinear(in StepCoefficients step, in FusedTerms terms, out float fromSample, out double fromPrediction)
    {
        fromSample = (float)((step.FromModel * step.ModelFromSample) + step.FromSample);
        fromPrediction = (step.FromModel * step.ModelFromPrediction) + step.FromPrediction;
        bool hasHistory = !terms.History1.IsEmpty || !terms.History2.IsEmpty || !terms.History3.IsEmpty;
        return terms.Model.IsEmpty && terms.Base.IsEmpty && !hasHistory && float.IsPositiveInfinity(terms.Range);
    }

    private static void RunLinear(float fromSample, double fromPrediction, in StepCoefficients step, in FusedTerms terms)
    {
        float conditional = (float)(fromPrediction * terms.Prediction.ConditionalWeight);
        float unconditional = (float)((fromPrediction * terms.Prediction.UnconditionalWeight) + step.FromUnconditional);
        float noise = (float)step.NoiseScale;
        ReadOnlySpan<float> x = terms.Sample;
        ReadOnlySpan<float> c = terms.Prediction.Conditional;
        ReadOnlySpan<float> u = terms.Prediction.Unconditional;
        switch ((terms.Prediction.IsGuided, !terms.Noise.IsEmpty))
        {
            case (false, false):
                LinearCombination.Compute(fromSample, x, conditional, c, terms.Destination);
                break;
            case (false, true):
                LinearCombination.Compute(fromSample, x, conditional, c, noise, terms.Noise, terms.Destination);
                break;
            case (true, false):
                LinearCombination.Compute(fromSample, x, unconditional, u, conditional, c, terms.Destination);
                break;
            case (true, true):
                LinearCombination.Compute(fromSample, x, unconditional, u, conditional, c, noise, terms.Noise, terms.Destination);
                break;
        }
    }

    private static unsafe void RunGeneral(in StepCoefficients step, in FusedTerms terms)
    {
        fixed (float* destination = terms.Destination)
        {
            int length = terms.Destination.Length;
            bool streams = StreamingStore.Suits(length);
            int head = streams ? StreamingStore.ValuesBefore(destination) : 0;
            int end = length - ((length - head) % Vector<float>.Count);
            RunPart(step, terms, 0, head);
            FusedLoop.Run(step, terms, new FusedLoop.Target(destination, head, end, streams));
            RunPart(step, terms, end, length - end);
            StreamingStore.Finish(streams);
        }
    }

    // Fewer values than a vector has go through the same code, on copies filled up to a whole one.
    private static unsafe void RunPart(in StepCoefficients step, in FusedTerms terms, int start, int count)
    {
        if (count == 0)
        {
            return;
        }

        int width = Vector<float>.Count;
        Span<float> memory = stackalloc float[10 * width];
        memory.Clear();
        Span<float> model = terms.Model.IsEmpty ? [] : memory.Slice(7 * width, width);
        Span<float> destination = memory.Slice(8 * width, width);
        Span<float> basis = terms.Base.IsEmpty ? [] : memory.Slice(9 * width, width);
        if (!model.IsEmpty)
        {
            terms.Model.Slice(start, count).CopyTo(model);
        }

        if (!basis.IsEmpty)
        {
            terms.Base.Slice(start, count).CopyTo(basis);
        }

        var part = new FusedTerms
        {
            Sample = Copy(terms.Sample, memory[width..]),
            Prediction = new()
            {
                Conditional = Copy(terms.Prediction.Conditional, memory),
                Unconditional = Copy(terms.Prediction.Unconditional, memory[(2 * width)..]),
                ConditionalWeight = terms.Prediction.ConditionalWeight,
                UnconditionalWeight = terms.Prediction.UnconditionalWeight,
            },
            Model = model,
            ModelIsGiven = terms.ModelIsGiven,
            Base = basis,
            History1 = Copy(terms.History1, memory[(3 * width)..]),
            History2 = Copy(terms.History2, memory[(4 * width)..]),
            History3 = Copy(terms.History3, memory[(5 * width)..]),
            Noise = Copy(terms.Noise, memory[(6 * width)..]),
            Destination = destination,
            Range = terms.Range,
        };
        fixed (float* target = destination)
        {
            FusedLoop.Run(step, part, new FusedLoop.Target(target, 0, width, streams: false));
        }

        destination[..count].CopyTo(terms.Destination[start..]);
        if (!model.IsEmpty)
        {
            model[..count].CopyTo(terms.Model[start..]);
        }

        if (!basis.IsEmpty)
        {
            basis[..count].CopyTo(terms.Base[start..]);
        }

        Span<float> Copy(ReadOnlySpan<float> term, Span<float> to)
        {
            if (term.IsEmpty)
            {
                return [];
            }

            term.Slice(start, count).CopyTo(to);
            return to[..width];
        }
    }
}
