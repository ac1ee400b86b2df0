export async function packageForTest() {}
