using System.Collections;
using System.Numerics.Tensors;
using System.Reflection;
using DiffusionSharp.Conditions;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Serialization;

/// <summary>Objects whose every property is other than by default, whatever properties there are: a new one that JSON forgets is found.</summary>
internal static class OtherValues
{
    /// <summary>What JSON has to carry of a type.</summary>
    public static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true });

    /// <summary>A copy of a record with other values.</summary>
    /// <param name="record">The record.</param>
    /// <param name="isValid">Whether a copy can be used. Some values need others, so what is refused is tried again when the others are set.</param>
    /// <returns>The copy, and the properties that took no other value.</returns>
    public static (object Copy, string[] Left) Of(object record, Predicate<object> isValid)
    {
        List<PropertyInfo> left = [.. Properties(record.GetType())];
        for (int before = -1; before != left.Count;)
        {
            before = left.Count;
            left.RemoveAll(property =>
            {
                object? copy = Candidates(property.PropertyType, property.GetValue(record)).Select(value => With(record, property, value)).FirstOrDefault(c => c is not null && isValid(c));
                record = copy ?? record;
                return copy is not null;
            });
        }

        return (record, [.. left.Select(property => property.Name)]);
    }

    /// <summary>Compares whatever JSON carries, to the last bit.</summary>
    public static void AssertSame(object? expected, object? actual, string path)
    {
        Assert.True(expected?.GetType() == actual?.GetType() || expected is IEnumerable, $"{path}: {expected?.GetType()} became {actual?.GetType()}.");
        switch (expected)
        {
            case null or string or ValueType and not ScheduleRange:
                Assert.True(Equals(expected, actual), $"{path}: {expected} became {actual}.");
                break;
            case Tensor<float> tensor:
                Assert.Equal(tensor.Lengths, ((Tensor<float>)actual!).Lengths);
                Assert.Equal(Bits(tensor.Values()), Bits(((Tensor<float>)actual).Values()));
                break;
            case NoiseSchedule schedule:
                Assert.Equal(Bits(schedule.Betas), Bits(((NoiseSchedule)actual!).Betas));
                break;
            case Conditioning conditioning:
                AssertSame(conditioning.Parts, ((Conditioning)actual!).Parts, path);
                break;
            case Delegate:
                Assert.Same(expected, actual);
                break;
            case IScheduler:
                AssertSame(Options(expected), Options(actual!), $"{path}.Options");
                break;
            case IEnumerable list:
                object?[] values = [.. list.Cast<object?>()];
                object?[] others = [.. ((IEnumerable)actual!).Cast<object?>()];
                Assert.Equal(values.Length, others.Length);
                Assert.All(values, (value, i) => AssertSame(value, others[i], $"{path}[{i}]"));
                break;
            default:
                Assert.All(Properties(expected.GetType()), property => AssertSame(property.GetValue(expected), property.GetValue(actual), $"{path}.{property.Name}"));
                break;
        }
    }

    public static object? Options(object scheduler) => scheduler.GetType().GetProperty("Options")?.GetValue(scheduler);

    private static object? With(object record, PropertyInfo property, object value)
    {
        object copy = record.GetType().GetMethod("<Clone>$")!.Invoke(record, null)!;
        try
        {
            property.SetValue(copy, value, BindingFlags.DoNotWrapExceptions, null, null, null);
            return copy;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static IEnumerable<object> Candidates(Type type, object? standard)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        IEnumerable<object> values = plain switch
        {
            _ when plain == typeof(bool) => [true, false],
            _ when plain == typeof(int) => [3, 2, 7],
            _ when plain == typeof(long) => [12345678901, long.MaxValue],
            _ when plain == typeof(float) => [0.1f, 1.7f],
            _ when plain == typeof(double) => [0.1, 1 / 3.0, 1.7],
            _ when plain.IsEnum => Enum.GetValues(plain).Cast<object>(),
            _ when plain == typeof(string) => ["Ærø \"+\" 🦔\n", ""],
            _ when plain == typeof(ScheduleRange) => [new ScheduleRange(0.2, 0.7)],
            _ when plain == typeof(Tensor<float>) => [Tensor.Create([float.NaN, -0f, float.Epsilon, float.NegativeInfinity, 0.1f, BitConverter.UInt32BitsToSingle(0x7fc12345)], [1, 2, 3])],
            _ when plain == typeof(Conditioning) => [Conditioning.Of(("b", Row(1)), ("a", Row(2))).With(new ConditionPart("c", Row(3)) { IsShared = true, SpatialScale = 0.1 })],
            _ when plain == typeof(NoiseSchedule) => [NoiseSchedule.SquaredCosine(77).WithZeroTerminalSnr()],
            _ when plain == typeof(SampleClipping) => [SampleClipping.DynamicThreshold(0.91f, 1.7f), SampleClipping.Clamp(1.3f)],
            _ when plain == typeof(IScheduler) => [new EulerScheduler(new EulerOptions { Churn = 0.3 })],
            _ when plain == typeof(IReadOnlyList<int>) => [(int[])[30, 1]],
            _ when plain == typeof(IReadOnlyList<long>) => [(long[])[long.MaxValue, 0]],
            _ when plain == typeof(IReadOnlyList<float>) => [(float[])[0.9f, 0.3f]],
            _ when plain == typeof(IReadOnlyList<double>) => [(double[])[14.6, 0.1]],
            _ when plain == typeof(IReadOnlyList<string>) => [(string[])["a", ""]],
            _ when plain == typeof(IReadOnlyList<IRequestPart>) => [(IRequestPart[])[new Border(3, Row(4))]],
            _ when plain == typeof(PictureSizes) => [new PictureSizes { Top = 3 }],
            _ when plain == typeof(IReadOnlyList<ControlPicture>) => [(ControlPicture[])[new ControlPicture(Row(5)) { Weight = 0.3, Start = 0.1, End = 0.9 }, new ControlPicture(Row(6))]],
            _ when plain == typeof(IReadOnlyList<Tensor<float>>) => [(Tensor<float>[])[Row(7), Row(8)]],
            _ when plain == typeof(DynamicShift) => [Of(new DynamicShift(), _ => true).Copy],
            _ => [],
        };
        return values.Where(value => !value.Equals(standard));
    }

    private static Tensor<float> Row(float value) => Tensor.Create([value, -value], [1, 2]);

    private static uint[] Bits(ReadOnlySpan<float> values) => Array.ConvertAll(values.ToArray(), BitConverter.SingleToUInt32Bits);
}
