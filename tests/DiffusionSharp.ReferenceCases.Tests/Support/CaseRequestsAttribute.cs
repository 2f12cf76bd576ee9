using System.Reflection;
using Xunit.Sdk;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>
/// The requests of a model's folder, a row each, or those that are named. Requests that others name are left out here, so that each is a row
/// of its own, with its tolerance or, under <see cref="DataAttribute.Skip"/>, the reason why it is not asked for.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class CaseRequestsAttribute(string model, params string[] names) : DataAttribute
{
    /// <summary>What the latents may differ by, over their standard deviation; what each case states where this is 0.</summary>
    public double Tolerance { get; init; }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
    {
        IEnumerable<string> named = testMethod.GetCustomAttributes<CaseRequestsAttribute>().SelectMany(attribute => attribute.Names);
        IEnumerable<string> all = CaseFolders.Requests(model);
        return (names.Length > 0 ? all.Intersect(names) : all.Except(named)).Select(name => new object[] { model, name, Tolerance > 0 ? Tolerance : Case.Load(model, name).Tolerance });
    }

    private string[] Names => names;
}
